import assert from 'node:assert/strict';
import type { AutomationOrigin } from '../../../../src/core/automations/automation.ts';
import { checkNames } from '../../../../src/core/automations/checkNames.ts';
import { parseAutomation } from '../../../../src/core/automations/parseAutomation.ts';

const own: AutomationOrigin = { kind: 'user' };
const folder: AutomationOrigin = { kind: 'folder', directory: '/work/shop' };

function parse(value: unknown, origin = own, name = 'deploy') {
  return parseAutomation({ origin, name, value });
}

/** Where faults are, and the beginning of what is said there. */
function faultsOf(value: unknown, origin = own, name = 'deploy'): readonly string[] {
  const { faults, automation } = parse(value, origin, name);
  assert.equal(automation === undefined, faults.length > 0);
  return faults.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

const deploy = { on: 'settled', do: [{ task: 'deploy' }] };

describe('an automation of the settings', () => {
  it('is read with what it leaves out', () => {
    const { automation, id } = parse(deploy);
    assert.equal(id, 'user deploy');
    assert.deepEqual(automation, {
      on: 'settled',
      if: {},
      steps: [{ kind: 'task', name: 'deploy' }],
      debounce: 2000,
      limit: { perHour: 10, lineageCost: undefined },
      confirm: 'once',
      enabled: true,
      timeLimit: 600_000,
    });
  });

  it('says at its place what is not known, with what was probably meant', () => {
    assert.deepEqual(faultsOf({ ...deploy, on: 'setled' }), [
      'on: There is no event “setled”. Did you mean “settled”?',
    ]);
    assert.deepEqual(faultsOf({ ...deploy, do: [{ task: 'a' }, { taks: 'b' }] }), [
      'do.1.taks: There is no step “taks”. Did you mean “task”?',
    ]);
    assert.deepEqual(faultsOf({ ...deploy, fi: {} }), [
      'fi: There is no key “fi”. There are: on, if, do, debounce, limit, confirm, enabled, timeLimit.',
    ]);
    assert.match(faultsOf({ ...deploy, if: { lineage: ['root', 'child'] } })[0] ?? '', /^if\.lineage\.1: /);
    assert.match(
      faultsOf({ ...deploy, limit: { perHour: 0 } })[0] ?? '',
      /^limit\.perHour: .* from 1 to 1000/,
    );
    assert.match(
      faultsOf({ ...deploy, if: { directory: 'a{b' } })[0] ?? '',
      /^if\.directory: .*“\{” without its “\}”/,
    );
    assert.match(faultsOf({ on: 'settled' })[0] ?? '', /^do: .*list of 1 to 20 steps/);
    assert.match(faultsOf('deploy')[0] ?? '', /^: An automation is an object/);
    assert.match(faultsOf(deploy, own, 'two\nlines')[0] ?? '', /^: An automation has a name of one line/);
  });

  it('says of a condition that the event knows nothing of it, which would never hold', () => {
    assert.match(faultsOf({ ...deploy, if: { tool: 'bash' } })[0] ?? '', /^if\.tool: Only “toolCompleted”/);
    assert.match(
      faultsOf({ ...deploy, on: 'needsYou', if: { changedFiles: '**' } })[0] ?? '',
      /^if\.changedFiles: “needsYou” knows of no changed files/,
    );
  });

  it('runs no command that could answer, send or approve for the person, nor one that runs others unseen', () => {
    for (const command of [
      'opencodeSessions.session.answer',
      'opencodeSessions.automation.approve',
      'runCommands',
      'workbench.action.tasks.runTask',
      'workbench.action.tasks.build',
    ]) {
      assert.equal(faultsOf({ ...deploy, do: [{ command }] }).length, 1, command);
      assert.equal(faultsOf({ ...deploy, do: [{ command: { id: command } }] }).length, 1, command);
    }
    assert.deepEqual(faultsOf({ ...deploy, do: [{ command: 'workbench.action.files.saveAll' }] }), []);
  });

  it('types no line into a terminal that holds more than is seen', () => {
    assert.equal(faultsOf({ ...deploy, do: [{ terminal: 'echo a\nrm b' }] }).length, 1);
    assert.equal(faultsOf({ ...deploy, do: [{ terminal: 'echo \u202ea' }] }).length, 1);
    assert.deepEqual(faultsOf({ ...deploy, do: [{ terminal: 'make deploy' }] }), []);
  });

  it('of a workspace is asked about at least once, and is short enough to be shown whole', () => {
    assert.deepEqual(faultsOf({ ...deploy, confirm: 'never' }), []);
    assert.match(faultsOf({ ...deploy, confirm: 'never' }, folder)[0] ?? '', /^confirm: /);
    const long = { ...deploy, do: [{ tell: 'x'.repeat(3000) }] };
    assert.deepEqual(faultsOf(long), []);
    assert.match(faultsOf(long, folder)[0] ?? '', /longer than 3000/);
  });

  it('is told at its place what it names that is not there; what nobody knows is no fault', () => {
    const { automation } = parse({
      ...deploy,
      if: { agent: ['plan', 'nobody'] },
      do: [{ task: 'deploi' }, { relay: { agent: 'biuld', text: 'Go on.' } }, { command: 'no.such' }],
    });
    assert.ok(automation);
    const known = { tasks: ['deploy'], agents: ['build', 'plan'], commands: ['a.b'] };
    assert.deepEqual(
      checkNames(automation, known).map(({ path, message }) => [path.join('.'), message]),
      [
        ['do.0.task', 'There is no task “deploi”. Did you mean “deploy”?'],
        ['do.1.relay.agent', 'There is no agent “biuld”. Did you mean “build”?'],
        ['do.2.command', 'There is no command “no.such”.'],
      ],
    );
    assert.deepEqual(checkNames(automation, {}), []);
  });
});
