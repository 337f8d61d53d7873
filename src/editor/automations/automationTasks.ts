import { existsSync } from 'node:fs';
import {
  ProcessExecution,
  ShellExecution,
  type Task,
  type TaskExecution,
  tasks,
  TaskScope,
  workspace,
  type WorkspaceFolder,
} from 'vscode';
import type { AutomationEntry } from '../../core/automations/automation.ts';
import { judgeTaskEnd, type TaskEnd } from '../../core/automations/taskEnd.ts';
import { writtenOf } from '../../core/automations/writtenTask.ts';
import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { ActOutcome } from '../../core/ports/automationActs.ts';
import { findHome } from '../workspaceFolders.ts';

/** Milliseconds for which what was found counts, where it is only shown: to find all tasks may take a program of each kind. */
const recent = 3000;
let found: { readonly time: number; readonly all: Promise<readonly Task[]> } | undefined;

function findTasks(isFresh: boolean): Promise<readonly Task[]> {
  if (isFresh || found === undefined || Math.abs(Date.now() - found.time) > recent) {
    found = { time: Date.now(), all: Promise.resolve(tasks.fetchTasks()) };
  }
  return found.all;
}

/** The tasks of the window as automations name them: by their name, or with what brings them before it (`npm: test`). */
export async function listTaskNames(): Promise<readonly string[]> {
  const all = await findTasks(false);
  return [...new Set(all.flatMap((task) => [task.name, `${task.source}: ${task.name}`]))];
}

/**
 * What the tasks of an entry are, by the names in it: a person approves them with it. One that is not there is left out.
 * `isFresh`: as they are at this moment, to be asked before something is run.
 */
export async function describeTasks(
  entry: AutomationEntry,
  isFresh: boolean,
): Promise<ReadonlyMap<string, string>> {
  const names = (entry.automation?.steps ?? []).flatMap((step) => (step.kind === 'task' ? step.name : []));
  if (names.length === 0) return new Map();
  const all = await findTasks(isFresh);
  return new Map(
    names.flatMap((name) => {
      const called = all.filter((task) => isCalled(task, name));
      return called.length === 0 ? [] : [[name, called.map(describeTask).toSorted().join('\n')] as const];
    }),
  );
}

/** What the tasks of an entry run, each in a line for a person who is to approve it. */
export async function tellTasks(entry: AutomationEntry): Promise<readonly string[]> {
  return [...(await describeTasks(entry, true))].map(([name, what]) =>
    l10n.t('The task “{0}” is: {1}', name, what),
  );
}

/**
 * Runs a task of the folder that the directory lies in, and waits for its end. One that runs on after the time limit is left
 * alone. Throws a `Problem` for a task that is not there, that runs already, or that fails.
 */
export async function runTask(name: string, directory: string, timeLimit: number): Promise<ActOutcome> {
  const home = findHome(directory);
  if (home !== undefined && !existsSync(home.uri.fsPath)) {
    throw new Problem(
      l10n.t('The folder {0} is gone, so the task “{1}” was not run.', home.uri.fsPath, name),
    );
  }
  const task = choose(name, await findTasks(true), home);
  if (tasks.taskExecutions.some(({ task: running }) => isSameTask(running, task))) {
    throw new Problem(l10n.t('The task “{0}” runs already, so it was not started once more.', name));
  }
  const ended = watchEnds();
  try {
    const execution = await tasks.executeTask(task);
    const outcome = await ended.of(execution, timeLimit);
    if (outcome === 'late') return { kind: 'stillRunning' };
    const end = judgeTaskEnd({ hasProcess: hasProcess(task), ...outcome });
    if (end.kind === 'done') return { kind: 'done' };
    throw new Problem(
      end.kind === 'failed'
        ? l10n.t('The task “{0}” ended with exit code {1}.', name, end.failed)
        : l10n.t(
            'The task “{0}” ended without an exit code: it was ended from outside, or a task that it depends on failed.',
            name,
          ),
    );
  } finally {
    ended.dispose();
  }
}

/** A task without a process of its own tells only that it ended, and one with a process tells that as well, later. */
function watchEnds() {
  const codes = new Map<TaskExecution, number | undefined>();
  const over = new Set<TaskExecution>();
  let look = (): void => undefined;
  const subscriptions = [
    tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
      codes.set(execution, exitCode);
      look();
    }),
    tasks.onDidEndTask(({ execution }) => {
      over.add(execution);
      look();
    }),
  ];
  return {
    of: (execution: TaskExecution, timeLimit: number): Promise<Omit<TaskEnd, 'hasProcess'> | 'late'> =>
      new Promise((resolve) => {
        const timer = setTimeout(() => resolve('late'), timeLimit);
        look = () => {
          if (!codes.has(execution) && !over.has(execution)) return;
          clearTimeout(timer);
          const others = [...codes].flatMap(([other, code]) =>
            other === execution || code === undefined ? [] : code,
          );
          resolve({ code: codes.get(execution), others });
        };
        look();
      }),
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

function hasProcess({ execution }: Task): boolean {
  return execution instanceof ShellExecution || execution instanceof ProcessExecution;
}

function choose(name: string, all: readonly Task[], home: WorkspaceFolder | undefined): Task {
  const called = all.filter((task) => isCalled(task, name));
  const own = called.filter(({ scope }) => isFolder(scope) && scope.uri.toString() === home?.uri.toString());
  const shared = called.filter(({ scope }) => !isFolder(scope));
  const [first, ...others] = own.length > 0 ? own : shared;
  if (first === undefined) throw new Problem(notThere(name, home));
  // What stands in tasks.json goes before what some extension found; else nobody can say which is meant.
  const written = [first, ...others].filter(({ source }) => source === 'Workspace');
  if (others.length === 0) return first;
  if (written.length === 1 && written[0] !== undefined) return written[0];
  throw new Problem(
    l10n.t(
      'Several tasks are called “{0}”. Name one with what brings it, e.g. “{1}”.',
      name,
      `${first.source}: ${first.name}`,
    ),
  );
}

function notThere(name: string, home: WorkspaceFolder | undefined): string {
  return home === undefined
    ? l10n.t('There is no task “{0}”: the folder of the session is none of this window.', name)
    : l10n.t('There is no task “{0}” in the folder {1}.', name, home.name);
}

function isCalled({ name, source }: Task, wanted: string): boolean {
  return name === wanted || `${source}: ${name}` === wanted;
}

function isSameTask(one: Task, other: Task): boolean {
  return one.name === other.name && one.source === other.source && scopeOf(one) === scopeOf(other);
}

/** All that says what it runs: whatever of it changes makes it another task. */
function describeTask(task: Task): string {
  const { execution } = task;
  const run =
    execution instanceof ShellExecution
      ? {
          line: execution.commandLine,
          command: execution.command,
          args: execution.args,
          options: execution.options,
        }
      : execution instanceof ProcessExecution
        ? { process: execution.process, args: execution.args, options: execution.options }
        : undefined;
  const written = task.source === 'Workspace' ? readWritten(task) : undefined;
  return JSON.stringify([task.source, task.name, scopeOf(task), task.definition, run, written]);
}

function readWritten(task: Task): unknown {
  const folder = isFolder(task.scope) ? task.scope.uri : undefined;
  const file = workspace.getConfiguration('tasks', folder);
  const settings = workspace.getConfiguration(undefined, folder);
  return writtenOf(
    {
      tasks: file.get<unknown>('tasks'),
      inputs: file.get<unknown>('inputs'),
      settingOf: (name) => settings.get<unknown>(name),
    },
    task.name,
  );
}

function scopeOf({ scope }: Task): string {
  return isFolder(scope) ? scope.uri.toString() : String(scope ?? TaskScope.Workspace);
}

function isFolder(scope: Task['scope']): scope is WorkspaceFolder {
  return typeof scope === 'object';
}
