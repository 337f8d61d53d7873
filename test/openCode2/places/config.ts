import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'jsonc-parser';
import { ApiError } from '../state/apiError.ts';
import type { ModelRef, Rule } from '../state/records.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface Agent {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly mode: 'primary' | 'subagent' | 'all';
  readonly hidden: boolean;
  readonly system?: string;
  readonly model?: ModelRef;
  readonly permissions: readonly Rule[];
}

export interface Model {
  readonly id: string;
  readonly modelID: string;
  readonly providerID: string;
  readonly name: string;
  readonly capabilities: {
    readonly tools: boolean;
    readonly input: readonly string[];
    readonly output: readonly string[];
  };
  readonly variants: readonly { readonly id: string }[];
  readonly limit: { readonly context: number; readonly output: number };
  readonly cost: readonly unknown[];
  readonly status: 'active';
  readonly enabled: boolean;
  /** With the provider's key in the clear, as the real one answers. */
  readonly settings: Fields;
}

export interface Provider {
  readonly id: string;
  readonly name: string;
  readonly settings: Fields;
}

export interface Command {
  readonly name: string;
  readonly description?: string;
  readonly template: string;
  readonly agent?: string;
  readonly model?: ModelRef;
}

export interface Config {
  readonly model: ModelRef | undefined;
  readonly defaultAgent: string;
  readonly snapshots: boolean;
  readonly providers: readonly Provider[];
  readonly models: readonly Model[];
  readonly agents: readonly Agent[];
  readonly commands: readonly Command[];
  readonly plugins: readonly { readonly package: string; readonly options: Fields }[];
  /** As it was read. */
  readonly raw: Fields;
}

/** The names that permissions had in 1.18. */
const actions: Readonly<Record<string, string>> = {
  bash: 'shell',
  task: 'subagent',
  write: 'edit',
  patch: 'edit',
  apply_patch: 'edit',
};

/** Reads the configuration of a folder in either generation's form: its own wins over the user's, the environment over both. */
export function readConfig(directory: string, environment: NodeJS.ProcessEnv): Config {
  const home = environment['XDG_CONFIG_HOME'] ?? join(environment['HOME'] ?? '/', '.config');
  const texts = [
    readText(join(home, 'opencode', 'opencode.json')),
    readText(join(home, 'opencode', 'opencode.jsonc')),
    readText(environment['OPENCODE_CONFIG']),
    ...upward(directory).flatMap((folder) => [
      readText(join(folder, 'opencode.json')),
      readText(join(folder, 'opencode.jsonc')),
      readText(join(folder, '.opencode', 'opencode.json')),
    ]),
    readText(environment['OPENCODE_CONFIG_DIR'] && join(environment['OPENCODE_CONFIG_DIR'], 'opencode.json')),
    environment['OPENCODE_CONFIG_CONTENT'],
  ];
  const config = toConfig(
    texts.flatMap((text) => text || []).reduce<Fields>((all, text) => merge(all, read(text)), {}),
  );
  const folders = [
    join(home, 'opencode'),
    ...upward(directory)
      .toReversed()
      .map((folder) => join(folder, '.opencode')),
  ];
  const files = folders.flatMap((folder) => pluginFiles(join(folder, 'plugins')));
  return {
    ...config,
    plugins: [...files.map((file) => ({ package: file, options: {} })), ...config.plugins],
  };
}

/** What stands there is a plugin without being named. */
function pluginFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.js'))
      .map((name) => join(folder, name));
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

/** From the outermost folder in. */
function upward(directory: string): string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [...upward(parent), directory];
}

function readText(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return undefined;
    throw error;
  }
}

function read(text: string): Fields {
  const errors: unknown[] = [];
  const value: unknown = parse(text, errors as [], { allowTrailingComma: true });
  if (errors.length > 0 || !isFields(value)) {
    throw new ApiError(500, 'ConfigInvalidError', 'The configuration is not valid JSON.');
  }
  return value;
}

function merge(one: Fields, other: Fields): Fields {
  const merged: Record<string, unknown> = { ...one };
  for (const [key, value] of Object.entries(other)) {
    const before = merged[key];
    if (isFields(before) && isFields(value)) merged[key] = merge(before, value);
    else if (Array.isArray(before) && Array.isArray(value))
      merged[key] = [...before, ...(value as unknown[])];
    else merged[key] = value;
  }
  return merged;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function toModelRef(text: unknown): ModelRef | undefined {
  const [, providerID, id] = /^([^/]+)\/(.+)$/.exec(textOf(text) ?? '') ?? [];
  return providerID === undefined || id === undefined ? undefined : { id, providerID };
}

function toConfig(raw: Fields): Config {
  const enabled = raw['enabled_providers'];
  const providers = Object.entries({ ...fieldsOf(raw['provider']), ...fieldsOf(raw['providers']) })
    .filter(([id]) => !Array.isArray(enabled) || enabled.includes(id))
    .map(([id, value]) => ({ id, fields: fieldsOf(value) }));
  const rules = toRules(raw['permission'] ?? raw['permissions']);
  const models = providers.flatMap(({ id, fields }) => toModels(id, fields));
  return {
    model: toModelRef(raw['model']) ?? models[0],
    defaultAgent: textOf(raw['default_agent']) ?? 'build',
    snapshots: (raw['snapshots'] ?? raw['snapshot']) !== false,
    providers: providers.map(({ id, fields }) => ({
      id,
      name: textOf(fields['name']) ?? id,
      settings: fieldsOf(fields['settings'] ?? fields['options']),
    })),
    models,
    agents: toAgents({ ...fieldsOf(raw['agent']), ...fieldsOf(raw['agents']) }, rules),
    commands: Object.entries({ ...fieldsOf(raw['command']), ...fieldsOf(raw['commands']) }).map(toCommand),
    plugins: [raw['plugin'], raw['plugins']].flat().flatMap((value) => {
      const name = textOf(value) ?? textOf(fieldsOf(value)['package']);
      return name === undefined ? [] : { package: name, options: fieldsOf(fieldsOf(value)['options']) };
    }),
    raw,
  };
}

function toModels(providerID: string, provider: Fields): Model[] {
  const settings = fieldsOf(provider['settings'] ?? provider['options']);
  return Object.entries(fieldsOf(provider['models'])).map(([id, value]) => {
    const fields = fieldsOf(value);
    const limit = fieldsOf(fields['limit']);
    const capabilities = fieldsOf(fields['capabilities']);
    const variants = fields['variants'];
    const ids = Array.isArray(variants)
      ? variants.map((variant) => textOf(fieldsOf(variant)['id']) ?? '')
      : Object.keys(fieldsOf(variants));
    return {
      id,
      modelID: textOf(fields['modelID']) ?? id,
      providerID,
      name: textOf(fields['name']) ?? id,
      capabilities: {
        tools: (capabilities['tools'] ?? fields['tool_call']) !== false,
        input: (capabilities['input'] as string[] | undefined) ?? ['text'],
        output: (capabilities['output'] as string[] | undefined) ?? ['text'],
      },
      variants: ids.map((variant) => ({ id: variant })),
      limit: { context: Number(limit['context'] ?? 128_000), output: Number(limit['output'] ?? 8_000) },
      cost: [],
      status: 'active',
      enabled: true,
      settings,
    };
  });
}

function toCommand([name, value]: [string, unknown]): Command {
  const fields = fieldsOf(value);
  const [description, agent, model] = [
    textOf(fields['description']),
    textOf(fields['agent']),
    toModelRef(fields['model']),
  ];
  return {
    name,
    template: textOf(fields['template']) ?? '',
    ...(description === undefined ? {} : { description }),
    ...(agent === undefined ? {} : { agent }),
    ...(model === undefined ? {} : { model }),
  };
}

/** 1.18: `{"bash":"ask","edit":{"*.md":"allow"}}`; 2.x: a list of rules. */
function toRules(value: unknown): Rule[] {
  if (Array.isArray(value)) return value as Rule[];
  return Object.entries(fieldsOf(value)).flatMap(([name, effects]) => {
    const action = actions[name] ?? name;
    const byResource = isFields(effects) ? effects : { '*': effects };
    return Object.entries(byResource).map(([resource, effect]) => ({
      action,
      resource,
      effect: effect as Rule['effect'],
    }));
  });
}

const ownAgents: Readonly<Record<string, Fields>> = {
  build: { name: 'Build', description: 'Does the work', mode: 'primary' },
  plan: {
    name: 'Plan',
    description: 'Makes plans and edits nothing',
    mode: 'primary',
    permission: { edit: 'deny' },
  },
  general: { name: 'General', description: 'Works on a part of a task', mode: 'subagent' },
  explore: { name: 'Explore', description: 'Looks around in the code', mode: 'subagent' },
  compaction: { name: 'Compaction', mode: 'primary', hidden: true },
  title: { name: 'Title', mode: 'primary', hidden: true },
  summary: { name: 'Summary', mode: 'primary', hidden: true },
};

function toAgents(configured: Fields, rules: readonly Rule[]): Agent[] {
  return Object.entries(merge(ownAgents, configured)).flatMap(([id, value]) => {
    const fields = fieldsOf(value);
    if (fields['disable'] === true || fields['disabled'] === true) return [];
    const own = ownAgents[id];
    const description = textOf(fields['description']);
    const system = textOf(fields['system'] ?? fields['prompt']);
    const model = toModelRef(fields['model']);
    return {
      id,
      name: textOf(fields['name']) ?? `${id.slice(0, 1).toUpperCase()}${id.slice(1)}`,
      mode: (fields['mode'] as Agent['mode'] | undefined) ?? 'all',
      hidden: fields['hidden'] === true,
      ...(description === undefined ? {} : { description }),
      ...(system === undefined ? {} : { system }),
      ...(model === undefined ? {} : { model }),
      permissions: [
        ...toRules(own?.['permission']),
        ...rules,
        ...toRules(fieldsOf(configured[id])['permission'] ?? fieldsOf(configured[id])['permissions']),
      ],
    };
  });
}
