import { parseCompanionAnswer } from '../../protocol/companion.ts';
import type { SignEvent } from '../../protocol/events.ts';
import { parseReceive, parseTyping } from '../../protocol/signs.ts';

/** What a text of ours says that a server was made to tell to all who listen to that directory; undefined: nothing to us. */
export function readSign(sign: string, directory: string): SignEvent | undefined {
  const typing = parseTyping(sign);
  if (typing !== undefined) return { type: 'person.typing', properties: typing };
  const answer = parseCompanionAnswer(sign);
  if (answer !== undefined) return { type: 'companion.answered', properties: { ...answer, directory } };
  const told = parseReceive(sign);
  return told && { type: 'person.receives', properties: { ...told, directory } };
}
