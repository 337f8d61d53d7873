import assert from 'node:assert/strict';
import { handIn } from '../../../src/server/openCode118/handedIn.ts';
import { handIn2, serving2 } from '../../../src/server/openCode2/running/serving2.ts';
import { serving118 } from '../../../src/server/openCode118/serving118.ts';

const companion = { file: '/extension/dist/companion.js', options: { hopLimit: 3 } };
const ours = ['file:///extension/dist/companion.js', { hopLimit: 3 }];

describe('The companion that a server of ours is handed', () => {
  it('stands alone where the environment hands in nothing', () => {
    for (const content of [undefined, '', ' \n']) {
      assert.deepEqual(JSON.parse(handIn(content, companion) ?? ''), { plugin: [ours] });
    }
  });

  it('stands behind the plugins that are handed in, and beside all else', () => {
    const content = JSON.stringify({ model: 'local/echo', plugin: ['one', ['two', {}]] });
    assert.deepEqual(JSON.parse(handIn(content, companion) ?? ''), {
      model: 'local/echo',
      plugin: ['one', ['two', {}], ours],
    });
  });

  it('is left out where what is handed in cannot be added to, which then stays as it is', () => {
    for (const content of ['{', '[]', '1', 'null', '{ "plugin": "one" }', '{} // a remark']) {
      assert.equal(handIn(content, companion), undefined, content);
      const environment = { OPENCODE_CONFIG_CONTENT: content };
      const given = serving118.environment(environment, 'secret', companion);
      assert.equal(given['OPENCODE_CONFIG_CONTENT'], content);
      assert.equal(serving118.findCompanionObstacle(environment), 'OPENCODE_CONFIG_CONTENT');
    }
    assert.equal(serving118.findCompanionObstacle({ OPENCODE_CONFIG_CONTENT: '{}' }), undefined);
  });

  it('comes into the environment only where one is given', () => {
    assert.equal(serving118.environment({}, 'secret')['OPENCODE_CONFIG_CONTENT'], undefined);
    const given = serving118.environment({}, 'secret', companion)['OPENCODE_CONFIG_CONTENT'];
    assert.equal(given, JSON.stringify({ plugin: [ours] }));
  });

  it('is named by its path on 2.x, behind what is handed in', () => {
    const { file, options } = companion;
    const content = JSON.stringify({ plugin: ['old'], plugins: [{ package: 'one' }], model: 'local/echo' });
    assert.deepEqual(JSON.parse(handIn2(content, companion) ?? ''), {
      plugin: ['old'],
      plugins: [{ package: 'one' }, { package: file, options }],
      model: 'local/echo',
    });
    const given = serving2.environment({}, 'secret', companion)['OPENCODE_CONFIG_CONTENT'];
    assert.equal(given, JSON.stringify({ plugins: [{ package: file, options }] }));
    assert.equal(serving2.environment({}, 'secret')['OPENCODE_CONFIG_CONTENT'], undefined);
    for (const broken of ['{', '[]', '{ "plugins": {} }']) {
      assert.equal(handIn2(broken, companion), undefined, broken);
      assert.equal(
        serving2.findCompanionObstacle({ OPENCODE_CONFIG_CONTENT: broken }),
        'OPENCODE_CONFIG_CONTENT',
      );
    }
  });

  it('is a file with letters that addresses do not have', () => {
    const text = handIn(undefined, { ...companion, file: '/a b/%41/ü#?.js' }) ?? '';
    assert.deepEqual(JSON.parse(text).plugin[0][0], 'file:///a%20b/%2541/%C3%BC%23%3F.js');
  });
});
