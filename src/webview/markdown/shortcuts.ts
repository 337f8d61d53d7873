// What spares a growing text work (`markdownStream.ts`): the page can do without, until it is there.

export { splitBlock } from './openBlock.ts';
export { OpenFence } from './openFence.ts';
export { OpenWords } from './openWords.ts';
