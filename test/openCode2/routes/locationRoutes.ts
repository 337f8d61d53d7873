import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { diffFile } from '../places/fileDiff.ts';
import { git } from '../places/git.ts';
import type { Place } from '../places/locations.ts';
import { askModel, findModel } from '../runs/askModel.ts';
import { ApiError, notFound, unavailable } from '../state/apiError.ts';
import type { FileDiff } from '../state/records.ts';
import { readFileSync, statSync } from 'node:fs';
import type { House } from './house.ts';
import { type Asked, type Route, route, routeWith } from './route.ts';
import * as shapes from './shapes.ts';

/** What a folder has: agents, models, commands, plugins, files, versions. */
export function locationRoutes(house: House): Route[] {
  const ofPlace = (
    line: `GET /${string}`,
    read: (place: Place, asked: Asked<unknown>) => unknown,
    query: readonly string[] = [],
  ): Route =>
    route(line, ['location[directory]', ...query], async (asked) => {
      const place = await house.locations.openWarm(asked.directory);
      return { location: { directory: asked.directory }, data: await read(place, asked) };
    });
  return [
    ofPlace('GET /api/agent', ({ config }) => config.agents),
    ofPlace('GET /api/agent/{agentID}', ({ config }, { params }) => {
      const agent = config.agents.find(({ id }) => id === params['agentID']);
      if (agent === undefined) throw new ApiError(404, 'AgentNotFoundError', 'Agent not found');
      return agent;
    }),
    ofPlace('GET /api/model', ({ config }) => config.models),
    ofPlace('GET /api/model/default', (place) => findModel(place, place.config.model) ?? null),
    ofPlace('GET /api/provider', ({ config }) => config.providers),
    ofPlace('GET /api/config', ({ config }) => config.raw),
    ofPlace('GET /api/command', ({ config, plugins }) =>
      [...config.commands, ...plugins.commands].map(({ name, description }) => ({
        name,
        ...(description === undefined ? {} : { description }),
      })),
    ),
    ofPlace('GET /api/skill', () => []),
    ofPlace('GET /api/plugin', ({ plugins }) => plugins.ids.map((id) => ({ id }))),
    ofPlace('GET /api/fs/find', ({ directory }, { query }) => findFiles(directory, query), [
      'query',
      'type',
      'limit',
    ]),
    ofPlace(
      'GET /api/fs/list',
      ({ directory }, { query }) => listFolder(directory, query.get('path') ?? '.'),
      ['path'],
    ),
    ofPlace('GET /api/vcs', async ({ directory }) => {
      const branch = await git(directory, 'symbolic-ref', '--short', 'HEAD');
      return branch === undefined ? null : { branch: branch.trim() };
    }),
    ofPlace('GET /api/vcs/status', async ({ directory }) =>
      (await changedFiles(directory)).map(({ file, additions, deletions, status }) => ({
        file,
        additions,
        deletions,
        status,
      })),
    ),
    ofPlace('GET /api/vcs/diff', ({ directory }) => changedFiles(directory), ['mode']),
    route('POST /api/location/reload', ['location[directory]'], async () => {
      house.permissions.cancelAll();
      house.forms.cancelAll();
      await house.locations.reload();
    }),
    routeWith(
      'POST /api/generate',
      { prompt: z.string(), model: shapes.model.optional() },
      async ({ directory, body }) => {
        const place = await house.locations.open(directory);
        const model = findModel(place, body.model ?? place.config.model);
        if (model === undefined) throw unavailable('model', 'There is no such model.');
        return { data: { text: await askModel(place, model, [{ role: 'user', content: body.prompt }]) } };
      },
      ['location[directory]'],
    ),
    route(
      'POST /api/rpc/{pluginID}/{method}',
      ['location[directory]'],
      async ({ directory, params, body }) => {
        const { plugins } = await house.locations.open(directory);
        const { pluginID = '', method = '' } = params;
        if (!plugins.ids.includes(pluginID)) throw notFound('Command', `${pluginID}/${method}`);
        return { data: (await plugins.call(pluginID, method, body)) ?? null };
      },
    ),
  ];
}

async function filesOf(directory: string): Promise<string[]> {
  const listed = await git(directory, 'ls-files', '-z', '--cached', '--others', '--exclude-standard');
  if (listed !== undefined) return listed.split('\0').filter((path) => path !== '');
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter(
    (path) => !/(^|\/)(\.git|node_modules)(\/|$)/.test(path) && statSync(join(directory, path)).isFile(),
  );
}

async function findFiles(
  directory: string,
  query: URLSearchParams,
): Promise<{ path: string; type: string }[]> {
  const files = await filesOf(directory);
  const folders = new Set(
    files.flatMap((file) => [...file.matchAll(/\//g)].map(({ index }) => file.slice(0, index + 1))),
  );
  const all = [
    ...files.map((path) => ({ path, type: 'file' })),
    ...[...folders].map((path) => ({ path, type: 'directory' })),
  ].filter(({ type }) => !query.has('type') || type === query.get('type'));
  const wanted = (query.get('query') ?? '').toLowerCase();
  return all
    .flatMap((entry) => {
      const badness = judge(entry.path.toLowerCase(), wanted);
      return badness === undefined ? [] : [{ entry, badness }];
    })
    .sort((one, other) => one.badness - other.badness || (one.entry.path < other.entry.path ? -1 : 1))
    .slice(0, Number(query.get('limit') ?? 50))
    .map(({ entry }) => entry);
}

/** How badly a path fits: the letters must be in it in their order. */
function judge(path: string, wanted: string): number | undefined {
  const at = path.lastIndexOf(wanted);
  if (at >= 0) return path.length - at;
  let from = 0;
  for (const letter of wanted) {
    from = path.indexOf(letter, from) + 1;
    if (from === 0) return undefined;
  }
  return 1000 + path.length;
}

function listFolder(directory: string, path: string): { path: string; type: string }[] {
  const folder = resolve(directory, path);
  return readdirSync(folder, { withFileTypes: true }).map((entry) => ({
    path: join(path, entry.name) + (entry.isDirectory() ? '/' : ''),
    type: entry.isDirectory() ? 'directory' : 'file',
  }));
}

/** What is otherwise than in the last commit. */
async function changedFiles(directory: string): Promise<FileDiff[]> {
  const listed = await git(directory, 'status', '--porcelain', '-z', '--untracked-files=all', '--no-renames');
  const paths = (listed ?? '').split('\0').flatMap((line) => line.slice(3) || []);
  const diffs = await Promise.all(
    paths.map(async (path) => {
      const file = join(directory, path);
      const isThere = statSync(file, { throwIfNoEntry: false })?.isFile() === true;
      const before = await git(directory, 'show', `HEAD:./${path}`);
      return diffFile(path, before, isThere ? readFileSync(file, 'utf8') : undefined);
    }),
  );
  return diffs.flatMap((diff) => diff ?? []);
}
