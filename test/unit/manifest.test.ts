import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fullContext } from '../../src/core/sessions/usage.ts';
import * as manifest from '../../src/manifest.ts';

interface Contributed {
  readonly command: string;
  readonly title: string;
  readonly category?: string;
  readonly icon?: string;
}

interface MenuItem {
  readonly command?: string;
  readonly submenu?: string;
  readonly when?: string;
}

const root = join(import.meta.dirname, '..', '..');
const { activationEvents, contributes, icon } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
) as {
  icon: string;
  activationEvents: string[];
  contributes: {
    commands: Contributed[];
    menus: Record<string, MenuItem[]>;
    keybindings: { command: string }[];
    views: Record<string, { id: string }[]>;
    viewsContainers: { activitybar: { id: string; icon: string }[] };
    viewsWelcome: { view: string; contents: string }[];
    configuration: { properties: Record<string, { scope: string; default?: unknown }> };
    configurationDefaults: Record<string, Record<string, unknown>>;
    languages: { id: string }[];
    walkthroughs: {
      steps: {
        description: string;
        media: { svg: string; altText: string };
        completionEvents: string[];
      }[];
    }[];
  };
};

const known: readonly string[] = manifest.commandIds;

/** What the code tells `when` clauses and the walkthrough. */
const contextKeys: readonly string[] =
  readFileSync(join(root, 'src', 'editor', 'contextKeys.ts'), 'utf8').match(/\bopencodeSessions\.\w+/g) ?? [];

describe('package.json and the code', () => {
  it('name the same commands', () => {
    assert.deepEqual(contributes.commands.map(({ command }) => command).toSorted(), known.toSorted());
  });

  it('name each command once, under one category', () => {
    assert.equal(new Set(known).size, known.length);
    assert.deepEqual([...new Set(contributes.commands.map(({ category }) => category))], ['OpenCode']);
  });

  it('show only commands that exist, and views that exist', () => {
    const shown = [
      ...Object.values(contributes.menus).flatMap((items) => items.flatMap(({ command }) => command ?? [])),
      ...contributes.keybindings.map(({ command }) => command),
    ];
    assert.deepEqual(
      shown.filter((command) => !known.includes(command)),
      [],
    );
    const views = Object.values(contributes.views).flatMap((list) => list.map(({ id }) => id));
    const shownViews = new Set<string>(views);
    assert.deepEqual(views, [
      manifest.viewIds.sessions,
      manifest.viewIds.todos,
      manifest.viewIds.deliveries,
      manifest.viewIds.automations,
    ]);
    assert.deepEqual(Object.keys(contributes.views), [manifest.viewIds.container]);
    assert.deepEqual(
      contributes.viewsContainers.activitybar.map(({ id }) => id),
      [manifest.viewIds.container],
    );
    assert.deepEqual(
      contributes.viewsWelcome.filter(({ view }) => !shownViews.has(view)),
      [],
    );
  });

  it('leave to the person alone what guards the person, and which program or server is run', () => {
    const scopes = Object.entries(contributes.configuration.properties).map(([name, { scope }]) => [
      name.replace('opencodeSessions.', ''),
      scope,
    ]);
    // All are named, so that each that is added is thought about: what has window scope, a repository can set.
    assert.deepEqual(Object.fromEntries(scopes), {
      'server.mode': 'machine',
      'server.path': 'machine',
      'server.url': 'machine',
      'companion.enabled': 'machine',
      // A folder can only be stricter than the person.
      'companion.receive': 'resource',
      'composer.enterSends': 'application',
      'transcript.openDiffs': 'window',
      'notifications.requests': 'window',
      'notifications.finished': 'window',
      'continuation.review': 'application',
      'continuation.templates': 'resource',
      'continuation.handOff.form': 'window',
      'continuation.handOff.summarize': 'window',
      'continuation.relay.confirmEditing': 'application',
      'continuation.relay.hopLimit': 'application',
      // What a folder brings opens as a draft, and only where the folder is trusted.
      'continuation.chains': 'window',
      'continuation.compact.export': 'application',
      'continuation.suggestAt': 'window',
      // A repository must not switch it off, nor have pictures go along that nobody looks through.
      'export.redact': 'application',
      'export.reasoning': 'window',
      'export.toolCalls': 'window',
      'export.pictures': 'application',
      'export.template': 'resource',
      // It says where sessions are looked for, in folders of the workspace alone.
      services: 'resource',
      // What a folder brings is inert until a person approves the very entry, and only where the folder is trusted.
      automations: 'resource',
      'automation.chainLimit': 'application',
    });
  });

  it('give a draft the whole width, and none of what belongs to code beside it', () => {
    const [language] = contributes.languages;
    assert.deepEqual(Object.keys(contributes.configurationDefaults), [`[${language?.id}]`]);
    const look = contributes.configurationDefaults[`[${language?.id}]`] ?? {};
    assert.equal(look['editor.wordWrap'], 'on');
    assert.equal(look['editor.codeLens'], true, 'its buttons are lenses');
    for (const name of ['minimap.enabled', 'folding', 'glyphMargin', 'stickyScroll.enabled']) {
      assert.equal(look[`editor.${name}`], false, name);
    }
    assert.equal(look['editor.lineNumbers'], 'off');
  });

  it('wake the extension for a tab with a file that a session holds', () => {
    assert.ok(activationEvents.includes(`onFileSystem:${manifest.attachmentScheme}`));
  });

  it('offer each action of a message in the palette by the name that its button has', () => {
    const titles = new Set(contributes.commands.map(({ title }) => title.replace(/…$/, '')));
    for (const name of [
      'Fork Session Here',
      'Copy Message as Markdown',
      'Revert to Message',
      'Undo Revert',
      'Edit and Resend',
      'Relay from Message',
      'Hand Off from Message',
      'Copy Link to Message',
    ]) {
      assert.ok(titles.has(name), name);
    }
    const hidden = (contributes.menus['commandPalette'] ?? []).filter(({ when }) => when === 'false');
    assert.deepEqual(hidden, []);
  });

  it('offer Copy of what is selected in a transcript before all else', () => {
    // The editor's own Cut, Copy and Paste stand there, in the order of the groups' names (VS Code 1.139).
    const groups = (contributes.menus['webview/context'] ?? []).map(
      ({ group = '' }: MenuItem & { group?: string }) => group,
    );
    assert.ok(groups.length > 0);
    assert.deepEqual(
      groups.filter((group) => group < '5_cutcopypaste'),
      [],
    );
  });

  it('find what people search the palette for', () => {
    const words =
      'chat model agent login provider settings help changes retry focus permission next compact relay log';
    const titles = contributes.commands.map(({ title }) => title.toLowerCase());
    const unfound = words.split(' ').filter((word) => !titles.some((title) => title.includes(word)));
    assert.deepEqual(unfound, []);
    // Of those that have both words the palette lists the first by its letters.
    const [first] = titles.filter((title) => title.includes('new session')).toSorted();
    assert.equal(first, 'new session…');
  });

  it('give every button an icon', () => {
    const icons = new Map(contributes.commands.map(({ command, icon: own }) => [command, own]));
    const buttons = Object.entries(contributes.menus).flatMap(([menu, items]) =>
      items.filter(
        ({ group = '' }: MenuItem & { group?: string }) =>
          group.startsWith('inline') || (menu.endsWith('/title') && group.startsWith('navigation')),
      ),
    );
    assert.ok(buttons.length > 0);
    assert.deepEqual(
      buttons.filter(({ command = '' }) => icons.get(command) === undefined),
      [],
    );
  });

  it('link to commands that exist, from welcomes and from the walkthrough', () => {
    const texts = [
      ...contributes.viewsWelcome.map(({ contents }) => contents),
      ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ description }) => description)),
    ];
    const linked = texts
      .flatMap((text) => [...text.matchAll(/command:(opencodeSessions\.[\w.]+)/g)].map(([, id]) => id ?? ''))
      .filter((id) => !id.endsWith('.focus'));
    assert.ok(linked.length > 0);
    assert.deepEqual(
      linked.filter((id) => !known.includes(id)),
      [],
    );
  });

  it('call a context full from one figure on', () => {
    const { default: suggestAt } = contributes.configuration.properties[
      'opencodeSessions.continuation.suggestAt'
    ] ?? { default: undefined };
    assert.equal(suggestAt, fullContext);
  });

  it('tick each step of the walkthrough by itself, when what it tells of was done', () => {
    const steps = contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps);
    for (const { media, completionEvents } of steps) {
      assert.ok(media.altText.length > 0);
      // A command that was begun is no deed yet, and each verb has several doors.
      const keys = completionEvents.map((event) => /^onContext:(.+)$/.exec(event)?.[1] ?? event);
      assert.ok(keys.length > 0);
      assert.deepEqual(
        keys.filter((key) => !contextKeys.includes(key)),
        [],
      );
    }
  });

  it('call a command in a sentence as the palette does', () => {
    const folder = join(root, 'src');
    const quoted = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => readFileSync(join(folder, file), 'utf8').match(/(?<=“)[A-Z][\w ]+…(?=”)/g) ?? []);
    const titles = new Set(contributes.commands.map(({ title }) => title.replace(/ \([^)]+\)$/, '')));
    assert.ok(quoted.length > 0);
    assert.deepEqual(
      quoted.filter((name) => !titles.has(name)),
      [],
    );
  });

  it('call a command in the walkthrough as the palette does', () => {
    const texts = contributes.walkthroughs.flatMap(({ steps }) =>
      steps.map(({ description }) => description),
    );
    const links = texts.flatMap((text) => [
      ...text.matchAll(/\[([^\]]+)\]\(command:(opencodeSessions\.[\w.]+)/g),
    ]);
    const titles = new Map(contributes.commands.map(({ command, title }) => [command, title]));
    // Words that a person may search for stand behind a title in brackets.
    assert.ok(links.length > 0);
    const others = links.filter(
      ([, name = '', id = '']) => titles.has(id) && titles.get(id)?.replace(/ \([^)]+\)$/, '') !== name,
    );
    assert.deepEqual(
      others.map(([link]) => link),
      [],
    );
  });

  it('draw the pictures of the walkthrough in the colours of the theme alone', () => {
    for (const { media } of contributes.walkthroughs.flatMap(({ steps }) => steps)) {
      const text = readFileSync(join(root, media.svg), 'utf8');
      const colours = [...text.matchAll(/(?:fill|stroke)="([^"]+)"/g)].map(([, colour = '']) => colour);
      assert.ok(colours.length > 0);
      assert.deepEqual(
        colours.filter((colour) => colour !== 'none' && !colour.startsWith('var(--vscode-')),
        [],
      );
    }
  });

  it('draw them also where a theme of high contrast leaves a colour out, as the light one does with white words', () => {
    // What VS Code 1.139 has no colour for there; `#…` behind it would be that of a dark theme.
    const left = 'list-activeSelectionBackground list-activeSelectionForeground list-warningForeground';
    for (const { media } of contributes.walkthroughs.flatMap(({ steps }) => steps)) {
      const text = readFileSync(join(root, media.svg), 'utf8');
      const found = [...text.matchAll(/var\(--vscode-([\w-]+), #/g)].map(([, name = '']) => name);
      assert.deepEqual(
        found.filter((name) => left.split(' ').includes(name)),
        [],
        media.svg,
      );
    }
  });

  it('ask only for context keys that the code sets', () => {
    const asked =
      JSON.stringify(contributes).match(
        /opencodeSessions\.(?:connection|filtered|noModel|(?:has|lacks)\w+)\b/g,
      ) ?? [];
    const sources = readdirSync(join(root, 'src', 'wiring'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(root, 'src', 'wiring', file), 'utf8'));
    assert.ok(asked.length > 0);
    assert.deepEqual(
      [...new Set(asked)].filter((key) => !sources.some((text) => text.includes(`'${key}'`))),
      [],
    );
  });

  it('name files that exist', () => {
    const files = [
      icon,
      ...contributes.viewsContainers.activitybar.map((container) => container.icon),
      ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.svg)),
    ];
    assert.deepEqual(
      files.filter((file) => !existsSync(join(root, file))),
      [],
    );
  });
});
