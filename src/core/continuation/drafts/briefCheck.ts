import { l10n } from '../../l10n.ts';
import { type Brief, type BriefEndpoint, type BriefSectionName, parseBrief } from './briefSections.ts';
import type { DraftRange } from './draft.ts';
import type { DraftNote } from './draftCheck.ts';
import { looksSecret, type SecretKind, type SecretPlace } from './looksSecret.ts';

/** What looks like a secret in a brief, by where it stands; the value is in no sentence. */
export interface SecretNote extends DraftNote {
  readonly secret: SecretKind;
}

/** All that a brief lacks, and what in it looks like a secret: at these places, absent: by our own rules. */
export function checkBrief(
  document: string,
  bodyLine: number,
  secrets?: readonly SecretPlace[],
): readonly DraftNote[] {
  const brief = parseBrief(document, bodyLine);
  const lines = document.split(/\r?\n/);
  const at = (line: number): DraftRange => ({ line, start: 0, end: lines[line]?.length ?? 0 });
  return [
    ...noteSecrets(document, secrets),
    ...missingSections(brief, at(firstLine(lines, bodyLine))),
    ...brief.sections
      .filter(({ isEmpty }) => isEmpty)
      .map(({ name, line }) => warning(at(line), whatToSay(name))),
    ...brief.endpoints.flatMap((endpoint) => checkEndpoint(endpoint, at(endpoint.line))),
    ...repeated(brief.endpoints).map(({ line, method, path }) =>
      warning(at(line), l10n.t('{0} {1} stands here twice.', method ?? '', path ?? '')),
    ),
  ];
}

/** Each place that looks like a secret, in the whole document: a title goes out as well. */
function noteSecrets(document: string, known?: readonly SecretPlace[]): readonly SecretNote[] {
  const text = withPlainBreaks(document);
  const places = known ?? looksSecret(text);
  return places.map(({ start, end, kind }) => ({
    severity: 'error',
    message: l10n.t(
      'This looks like a secret ({0}). Say its name, such as STRIPE_KEY, and leave the value out.',
      secretWords(kind),
    ),
    range: rangeOf(text, start, end),
    secret: kind,
  }));
}

/** A document as places in it are counted. */
export function withPlainBreaks(document: string): string {
  return document.replaceAll('\r\n', '\n');
}

/** What is asked before a brief is sent with what looks like a secret: what and where, never the value. */
export function askSecrets(secrets: readonly SecretNote[]): {
  message: string;
  detail: string;
  action: string;
} {
  return {
    message: l10n.t('Send what looks like a secret to the model?'),
    detail: [
      ...secrets.map(({ range, secret }) => l10n.t('Line {0}: {1}', range.line + 1, secretWords(secret))),
      l10n.t(
        'The whole text goes to the model’s provider, and stays in the session. Better name the secret, and leave its value out.',
      ),
    ].join('\n'),
    action: l10n.t('Send With What Looks Like a Secret'),
  };
}

export function isSecretNote(note: DraftNote): note is SecretNote {
  return 'secret' in note;
}

/** The lines from the start of a place on: a private key has several. */
function rangeOf(text: string, start: number, end: number): DraftRange {
  const before = text.slice(0, start).split('\n');
  const from = before.at(-1)?.length ?? 0;
  const [first = ''] = text.slice(start, end).split('\n');
  return { line: before.length - 1, start: from, end: from + first.length };
}

function firstLine(lines: readonly string[], bodyLine: number): number {
  const at = lines.findIndex((text, line) => line >= bodyLine && text.trim() !== '');
  return at === -1 ? bodyLine : at;
}

/** Endpoints, secrets and an interface not every brief has; these two it cannot do without. */
function missingSections({ sections }: Brief, range: DraftRange): DraftNote[] {
  const wanted = ['what', 'acceptance'] as const;
  return wanted
    .filter((name) => !sections.some((section) => section.name === name))
    .map((name) =>
      warning(range, l10n.t('The brief has no section “{0}”. {1}', sectionTitle(name), whatToSay(name))),
    );
}

function checkEndpoint(
  { method, path, request, hasResponse }: BriefEndpoint,
  range: DraftRange,
): DraftNote[] {
  if (method === undefined || path === undefined) {
    return [warning(range, l10n.t('Name the endpoint by method and path, for example: POST /orders'))];
  }
  return [
    ...(request === 'missing'
      ? [
          warning(
            range,
            l10n.t(
              '{0} {1} does not say what its request looks like: write “Request:” with its fields.',
              method,
              path,
            ),
          ),
        ]
      : []),
    ...(hasResponse
      ? []
      : [
          warning(
            range,
            l10n.t('{0} {1} does not say what it answers: write “Response:” with its fields.', method, path),
          ),
        ]),
  ];
}

function repeated(endpoints: readonly BriefEndpoint[]): readonly BriefEndpoint[] {
  const seen = new Set<string>();
  return endpoints.filter(({ method, path }) => {
    if (method === undefined || path === undefined) return false;
    const key = `${method} ${path}`;
    if (seen.has(key)) return true;
    seen.add(key);
    return false;
  });
}

export function sectionTitle(name: BriefSectionName): string {
  switch (name) {
    case 'what':
      return l10n.t('What to build and how it works');
    case 'endpoints':
      return l10n.t('Endpoints');
    case 'secrets':
      return l10n.t('Secrets (names only)');
    case 'interface':
      return l10n.t('User interface');
    case 'acceptance':
      return l10n.t('Acceptance');
  }
}

export function whatToSay(name: BriefSectionName): string {
  switch (name) {
    case 'what':
      return l10n.t('Say what is to be built, and how it works.');
    case 'endpoints':
      return l10n.t('Name each endpoint below a heading of its own, or delete the section.');
    case 'secrets':
      return l10n.t('Name each secret and what it is for, or delete the section.');
    case 'interface':
      return l10n.t('Say what a person sees and does, or delete the section.');
    case 'acceptance':
      return l10n.t('Say what must be seen to work.');
  }
}

function secretWords(kind: SecretKind): string {
  switch (kind) {
    case 'privateKey':
      return l10n.t('a private key');
    case 'awsKey':
      return l10n.t('an AWS access key');
    case 'githubToken':
      return l10n.t('a token of GitHub or GitLab');
    case 'slackToken':
      return l10n.t('a Slack token');
    case 'stripeKey':
      return l10n.t('a Stripe key');
    case 'googleKey':
      return l10n.t('a Google API key');
    case 'modelKey':
      return l10n.t('a key of a model provider');
    case 'jwt':
      return l10n.t('a signed token');
    case 'bearer':
      return l10n.t('a token in a header');
    case 'connection':
      return l10n.t('a password in an address');
    case 'value':
      return l10n.t('a value behind a secret’s name');
    case 'other':
      return l10n.t('a key or a password');
  }
}

function warning(range: DraftRange, message: string): DraftNote {
  return { severity: 'warning', message, range };
}
