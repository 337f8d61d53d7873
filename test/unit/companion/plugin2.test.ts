import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PluginContext2, Tool2 } from '../../../src/companion/context2.ts';
import { instanceOf, standingCopy } from '../../../src/companion/copies.ts';

// Its version is written in by the build.
Object.assign(globalThis, { COMPANION_VERSION: '0.0.0' });

describe('The companion that 2.x sets up', () => {
  let state: string;
  let earlier: string | undefined;
  let setup: (context: PluginContext2) => Promise<() => Promise<void>>;

  before(async () => {
    state = await mkdtemp(join(tmpdir(), 'state-'));
    earlier = process.env['XDG_STATE_HOME'];
    process.env['XDG_STATE_HOME'] = state;
    ({ setup } = await import('../../../src/companion/plugin2.ts'));
  });
  after(async () => {
    if (earlier === undefined) delete process.env['XDG_STATE_HOME'];
    else process.env['XDG_STATE_HOME'] = earlier;
    await rm(state, { recursive: true, force: true });
  });

  /** A stream that brings nothing and does not end. */
  const never = (): AsyncIterable<unknown> => ({
    [Symbol.asyncIterator]: () => ({ next: () => Promise.withResolvers<IteratorResult<unknown>>().promise }),
  });

  const contextWith = (tools: Tool2[], rest: Partial<PluginContext2> = {}): PluginContext2 => ({
    location: { directory: join(state, 'work') },
    tool: {
      transform: (change) => change({ add: (tool) => tools.push(tool) }),
      hook: () => undefined,
    },
    session: { hook: () => undefined },
    event: { subscribe: never },
    ...rest,
  });
  const caller = { sessionID: 'ses_1', messageID: 'msg_1', agent: 'build', id: 'call_1' };

  it('goes on with all else where the server takes a part of it badly, and ends when it is asked to', async () => {
    const tools: Tool2[] = [];
    const fails = (): never => {
      throw new Error('not here');
    };
    const directory = join(state, 'work');
    const cleanUp = await setup(
      contextWith(tools, {
        session: { hook: fails },
        rpc: { register: fails, emit: fails },
        command: { transform: fails },
      }),
    );
    assert.ok(tools.some(({ name }) => name === 'session'));
    assert.ok(
      tools.every(({ options }) => !options.codemode),
      'a model reaches each by itself',
    );
    assert.ok(standingCopy(instanceOf(directory)));
    await cleanUp();
    assert.equal(standingCopy(instanceOf(directory)), undefined);
  });

  it('keeps the todos of a session also where the server gives its plugins no storage', async () => {
    const tools: Tool2[] = [];
    const told: object[] = [];
    const methods = new Map<string, (input: unknown) => unknown>();
    const rpc = {
      register: (method: string, answer: (input: unknown) => unknown) => methods.set(method, answer),
      emit: (name: string, data: object) => told.push({ name, ...data }),
    };
    const cleanUp = await setup(contextWith(tools, { rpc }));
    const write = tools.find(({ name }) => name === 'todowrite') ?? assert.fail();
    const todos = [{ content: 'Read', status: 'pending', priority: 'high' }];
    const { metadata } = await write.execute({ todos }, caller);
    assert.deepEqual(metadata, { todos });
    assert.deepEqual(told, [{ name: 'todos', sessionID: 'ses_1', todos }]);
    assert.deepEqual(await methods.get('todos')?.({ sessionID: 'ses_1' }), { todos });
    assert.deepEqual(await methods.get('todos')?.({ sessionID: 'ses_2' }), { todos: [] });
    await assert.rejects(write.execute({ todos: 'none' }, caller), /arguments of todowrite are not right/);
    await cleanUp();
  });

  it('does nothing, and throws nothing, where the server does not say in which folder it is', async () => {
    const tools: Tool2[] = [];
    const { location: _, ...context } = contextWith(tools);
    await (
      await setup(context)
    )();
    assert.deepEqual(tools, []);
  });
});
