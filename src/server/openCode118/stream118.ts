/** Where the server tells what happens. It sends a heartbeat every 10 s (1.18); two and a half of them without a byte is a dead connection. */
export const stream118 = { path: '/global/event', silence: 25_000 } as const;
