/** A tasks.json as the editor hands it out, which is whatever somebody wrote there. */
export interface TasksFile {
  readonly tasks: unknown;
  readonly inputs: unknown;
  /** The value of a setting, by its whole name. */
  readonly settingOf: (name: string) => unknown;
}

/**
 * What tasks.json says of a task, as far as it decides what is run: all tasks where it depends on others, as the editor tells
 * nobody of those, or where one has no label to be known by; what is asked for and which settings are filled in, where that
 * stands in it. Undefined: there are no tasks.
 */
export function writtenOf({ tasks, inputs, settingOf }: TasksFile, name: string): unknown {
  if (!Array.isArray(tasks)) return undefined;
  const all = tasks.filter(
    (one): one is Readonly<Record<string, unknown>> => typeof one === 'object' && one !== null,
  );
  const own = all.filter(({ label, taskName }) => [label, taskName].includes(name));
  const isAll =
    own.some((one) => 'dependsOn' in one) ||
    all.some(({ label, taskName }) => label === undefined && taskName === undefined);
  const counted = isAll ? all : own;
  const text = JSON.stringify(counted);
  const settings = [...text.matchAll(/\$\{config:([\w.-]{1,200})\}/g)].map(([, setting = '']) => [
    setting,
    settingOf(setting),
  ]);
  return [counted, ...(text.includes('${input:') ? [inputs] : []), ...settings];
}
