import { join } from 'node:path';
import { holdToContract } from './contract.ts';

const { OPENCODE2_URL: url, OPENCODE2_PASSWORD: password, OPENCODE2_PATH: path } = process.env;
const standIn = join(import.meta.dirname, '../../openCode2/opencode');

holdToContract('by the stand-in for OpenCode 2.x', { program: standIn });

// A real one, of which none comes with the development packages.
if (path !== undefined) holdToContract('by the OpenCode 2.x of OPENCODE2_PATH', { program: path });
if (url !== undefined && password !== undefined) {
  holdToContract('by the OpenCode 2.x at OPENCODE2_URL', { url, password });
}
