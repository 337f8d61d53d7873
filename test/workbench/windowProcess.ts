import { openWindow } from './connectedWindow.ts';

// Holds a window's lease until it is killed: windowProcess.ts HOME WORKSPACE

const [home = '', workspace = ''] = process.argv.slice(2);
const window = openWindow({ home, workspace, environment: process.env });
await window.connection.connect();
console.log('live');
setInterval(() => undefined, 60_000);
