import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { Dialect, Series } from './dialect.ts';

/**
 * The dialects that can be chosen from. The first is the one that is best installed where there is none, and that is taken for
 * likeliest before a server was asked; servers are asked who they are in this order.
 */
export type Dialects = readonly [Dialect, ...Dialect[]];

/** Why a version is not spoken with; `unreadable`: built by somebody from the source, so it may speak anything. */
type Obstacle = 'older' | 'nextGeneration' | 'unreadable';

/** The server is one that this extension does not understand. */
export class IncompatibleProblem extends Problem {
  readonly version: string;

  constructor(version: string, message: string, managed: boolean) {
    super(message, {
      remedy: managed
        ? {
            title: l10n.t('Open Settings'),
            command: 'workbench.action.openSettings',
            arguments: ['opencodeSessions.server'],
          }
        : {
            title: l10n.t('Connect to Another Server…'),
            command: 'opencodeSessions.server.connect',
          },
    });
    this.version = version;
  }
}

/** The one that a version speaks; throws `IncompatibleProblem` where none of them is it. `managed`: it is ours to run. */
export function chooseDialect(
  dialects: Dialects,
  version: string,
  { managed }: { readonly managed: boolean },
): Dialect {
  const found = findDialect(dialects, version);
  if (typeof found !== 'string') return found;
  const message = `${whatItIs(dialects, version, found)} ${whatToDo(nearest(dialects, version), managed)}`;
  throw new IncompatibleProblem(version, message, managed);
}

/** The newest version that the dialect was tried with, as people write it, where this one is later. */
export function newestBefore({ series }: Dialect, version: string): string | undefined {
  const later = (parse(version)?.number ?? 0) > series.newest;
  return later ? `${series.generation}.${series.newest}` : undefined;
}

function findDialect(dialects: Dialects, version: string): Dialect | Obstacle {
  const generation = parse(version)?.generation ?? NaN;
  if (generation > Math.max(...dialects.map(({ series }) => series.generation))) return 'nextGeneration';
  const number = parse(version)?.number;
  // Builds from the source of any generation call themselves 0.0.0-….
  if (number === undefined || /^v?0\.0\.0\b/.test(version.trim())) return 'unreadable';
  const patch = parse(version)?.patch ?? 0;
  const fitting = dialects.find(
    ({ series }) => series.generation === generation && reaches(series, number, patch),
  );
  return fitting ?? 'older';
}

function reaches({ oldest, oldestPatch = 0 }: Series, number: number, patch: number): boolean {
  return number === oldest ? patch >= oldestPatch : number > oldest;
}

/** A pre-release counts as what it leads to. */
function parse(version: string): Parsed | undefined {
  const pattern = /^v?(\d+)(?:\.(\d+)(?:\.(\d+))?)?(?=$|[.+-])/;
  const [, generation, number, patch] = pattern.exec(version.trim()) ?? [];
  if (generation === undefined) return undefined;
  return {
    generation: Number(generation),
    number: number === undefined ? undefined : Number(number),
    patch: patch === undefined ? undefined : Number(patch),
  };
}

interface Parsed {
  readonly generation: number;
  readonly number: number | undefined;
  readonly patch: number | undefined;
}

/** Says of a preview of a generation that it is none of its versions. */
export function previewProblem(dialects: Dialects, version: string): IncompatibleProblem {
  const words = l10n.t(
    'OpenCode {0} is a preview, which speaks in another way than the versions that were released: OpenCode Sessions works with {1}.',
    nameOf(version),
    namesOf(dialects),
  );
  return new IncompatibleProblem(version, `${words} ${whatToDo(dialects[0], false)}`, false);
}

function nameOf(version: string): string {
  return version
    .trim()
    .replace(/^v(?=\d)/, '')
    .slice(0, 40);
}

function whatItIs(dialects: Dialects, version: string, obstacle: Obstacle): string {
  const name = nameOf(version);
  const wanted = namesOf(dialects);
  switch (obstacle) {
    case 'older':
      return l10n.t('OpenCode {0} is too old: OpenCode Sessions works with {1}.', name, wanted);
    case 'nextGeneration':
      return l10n.t(
        'OpenCode {0} is of a generation that OpenCode Sessions does not speak with yet: it works with {1}.',
        name,
        wanted,
      );
    case 'unreadable':
      return l10n.t(
        'This OpenCode calls its version “{0}”, which does not tell what it speaks: OpenCode Sessions works with {1}.',
        name,
        wanted,
      );
  }
}

/** What is installed is of the same generation where one of that is spoken. */
function nearest(dialects: Dialects, version: string): Dialect {
  const generation = parse(version)?.generation;
  return dialects.find(({ series }) => series.generation === generation) ?? dialects[0];
}

function whatToDo(best: Dialect, managed: boolean): string {
  return managed
    ? l10n.t(
        'Install one of these beside it with “{0}”, or name another program in the setting "opencodeSessions.server.path".',
        best.installCommand,
      )
    : l10n.t('Start one of these there, or connect to another server.');
}

function namesOf(dialects: Dialects): string {
  const names = dialects.flatMap(({ series: { generation, oldest, oldestPatch, newest } }) =>
    [...new Set([oldest, newest])].map((number) => {
      const name = `${generation}.${number}`;
      const isWhole = number !== oldest || oldestPatch === undefined;
      return isWhole ? name : l10n.t('{0} from {1} on', name, `${name}.${oldestPatch}`);
    }),
  );
  const last = names.at(-1) ?? '';
  return names.length === 1 ? last : l10n.t('{0} and {1}', names.slice(0, -1).join(', '), last);
}
