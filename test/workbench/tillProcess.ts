import { createInterface } from 'node:readline';

// An MCP server on its standard input and output, with one tool that does nothing but say what it was given.

interface Request {
  readonly id?: number;
  readonly method: string;
  readonly params?: { readonly protocolVersion?: string; readonly arguments?: unknown };
}

const pay = {
  name: 'pay',
  description: 'Pays an amount from an account',
  inputSchema: {
    type: 'object',
    properties: { account: { type: 'string' }, amount: { type: 'number' } },
    required: ['account', 'amount'],
  },
};

function answer({ method, params }: Request): unknown {
  switch (method) {
    case 'initialize':
      return {
        protocolVersion: params?.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: 'till', version: '1.0.0' },
      };
    case 'tools/list':
      return { tools: [pay] };
    case 'tools/call':
      return { content: [{ type: 'text', text: `Paid ${JSON.stringify(params?.arguments)}` }] };
    default:
      return {};
  }
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const request = JSON.parse(line) as Request;
  if (request.id === undefined) return;
  console.log(JSON.stringify({ jsonrpc: '2.0', id: request.id, result: answer(request) }));
});
