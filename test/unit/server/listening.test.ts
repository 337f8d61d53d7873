import assert from 'node:assert/strict';
import { ConfigurationProblem, UnavailableProblem } from '../../../src/core/errors.ts';
import type { StreamEnd } from '../../../src/server/dialect/dialect.ts';
import { Sign, untilListening } from '../../../src/server/openCode118/listening.ts';

describe('An event stream that was just opened', () => {
  let given: string[];
  let sign: Sign;
  let ended: PromiseWithResolvers<StreamEnd>;
  const event = (text: string) => JSON.stringify({ payload: { properties: { command: text } } });

  const prove = (giveSign: (directory: string, text: string) => void, directories = ['/a']) =>
    untilListening({
      sign,
      ended: ended.promise,
      directories,
      openCode: {
        giveSign: async (directory, text) => {
          given.push(directory);
          giveSign(directory, text);
        },
      },
      signal: new AbortController().signal,
      log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
    });

  beforeEach(() => {
    given = [];
    sign = new Sign();
    ended = Promise.withResolvers<StreamEnd>();
  });

  it('is known to flow when it brings a sign', async () => {
    await prove((_, text) => sign.hear(event(text)));
    assert.deepEqual(given, ['/a']);
  });

  it('is given another sign while none came back, and takes no other client’s for it', async () => {
    await prove((_, text) => sign.hear(event(given.length < 3 ? new Sign().text : text)));
    assert.equal(given.length, 3);
  });

  it('is asked through another folder where one cannot be read', async () => {
    const refuse = (directory: string, text: string) => {
      if (directory === '/a') throw new ConfigurationProblem('no JSON', {});
      sign.hear(event(text));
    };
    await prove(refuse, ['/a', '/b']);
    assert.deepEqual(given, ['/a', '/b']);
  });

  it('is believed to flow after a while where no folder takes a sign', async () => {
    const refuse = () => {
      throw new ConfigurationProblem('no JSON', {});
    };
    await prove(refuse, ['/a']);
    assert.deepEqual(given, ['/a']);
  });

  it('is of no use when it ends meanwhile, or the server is gone', async () => {
    await assert.rejects(
      prove(() => ended.resolve('closed')),
      UnavailableProblem,
    );
    const vanish = () => {
      throw new UnavailableProblem('gone');
    };
    await assert.rejects(prove(vanish), UnavailableProblem);
  });
});
