import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as z from 'zod';
import { ConfigurationProblem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import { plainTerminalText } from '../../core/entries/terminalText.ts';

/** How 1.18 refuses a request in a directory whose configuration it cannot read. */
const Refusal = z.object({
  name: z.string().startsWith('Config'),
  data: z.object({
    path: z.string().optional(),
    /** Of a file that is no JSON: the text, then the errors, a line each. */
    message: z.string().optional().catch(undefined),
    /** Of a file that is JSON but says what is not known. */
    issues: z
      .array(z.object({ path: z.array(z.union([z.string(), z.number()])), message: z.string() }))
      .optional()
      .catch(undefined),
  }),
});

/** What a refusal says about the configuration; undefined: it is about something else. */
export function readConfigurationRefusal(body: unknown): ConfigurationProblem | undefined {
  const parsed = Refusal.safeParse(body);
  if (!parsed.success) return undefined;
  const { name, data } = parsed.data;
  const { path, message, issues } = data;
  const [issue] = issues ?? [];
  const reason = issue === undefined ? findJsonFault(message ?? '') : describeIssue(issue);
  const detail = JSON.stringify({ name, issues });
  return configurationProblem(path, reason, `${detail} ${withoutQuotedFile(message ?? '')}`);
}

/** What a server that ended while it started printed about the configuration of the user, if it was that (1.18). */
export function readConfigurationOutput(output: string): ConfigurationProblem | undefined {
  const text = plainTerminalText(output);
  const path =
    between(text, 'Config file at ', ' is not valid JSON') ??
    between(`${text}\n`, 'Configuration is invalid at ', '\n');
  if (path === undefined) return undefined;
  const [, issue] = /^↳ (.+)$/m.exec(text) ?? [];
  return configurationProblem(path.trim(), issue ?? findJsonFault(text), withoutQuotedFile(text));
}

/** What stands between the two, where both are in the text. */
function between(text: string, before: string, after: string): string | undefined {
  const [, behind] = text.split(before, 2);
  return behind?.includes(after) === true ? behind.split(after, 1)[0] : undefined;
}

/** What OpenCode says without the text of the configuration that it quotes, in which keys may stand: for the log. */
export function withoutQuotedFile(text: string): string {
  return text.replaceAll(/(--- JSONC Input ---\n)[^]*?(?=--- Errors ---|$)/g, '$1…\n');
}

function configurationProblem(
  file: string | undefined,
  reason: string | undefined,
  cause: string,
): ConfigurationProblem {
  if (file === undefined) {
    return new ConfigurationProblem(
      l10n.t('OpenCode cannot read its configuration. Correct it; OpenCode reads it when it is restarted.'),
      { cause },
    );
  }
  return new ConfigurationProblem(
    reason === undefined
      ? l10n.t(
          'OpenCode cannot read its configuration {0}. Correct it; OpenCode reads it when it is restarted.',
          file,
        )
      : l10n.t(
          'OpenCode cannot read its configuration {0}: {1}. Correct it; OpenCode reads it when it is restarted.',
          file,
          reason,
        ),
    {
      file,
      cause,
      remedy: {
        title: l10n.t('Open {0}', basename(file)),
        command: 'vscode.open',
        arguments: [pathToFileURL(file)],
      },
    },
  );
}

function describeIssue({ path, message }: { path: readonly (string | number)[]; message: string }): string {
  return path.length === 0 ? message : `${path.join('.')}: ${message}`;
}

/** The first error behind the text of the file that OpenCode quotes. */
function findJsonFault(message: string): string | undefined {
  const [, fault] = /--- Errors ---\s*\n(.+)/.exec(message) ?? [];
  return fault?.trim();
}
