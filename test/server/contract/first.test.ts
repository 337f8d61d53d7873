import { openCodeBinary } from '../../workbench/openCodeServer.ts';
import { holdToContract } from './contract.ts';

holdToContract('by the OpenCode of the tests', { program: openCodeBinary });
