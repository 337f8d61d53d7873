import { l10n } from '../../core/l10n.ts';
import type { FromPage } from '../../protocol/page/fromPage.ts';
import type { SessionHeader, SessionRelative } from '../../protocol/page/header.ts';
import { textButton } from '../dom/element.ts';

type Post = (message: FromPage) => void;

/** So many of the sessions that came from this one are named at once. */
const shownLinks = 3;

/** Leads to where the session came from. */
export function linkBack({ from }: SessionHeader, post: Post): Node[] {
  if (from === undefined) return [];
  const label = {
    subagent: l10n.t('Subagent of'),
    fork: l10n.t('Forked from'),
    handoff: l10n.t('Handed off from'),
  };
  return [sessionLink(from, `${label[from.kind]} ${from.title}`, 'arrow-left', post)];
}

/** The newest of what came from it, and a button for the others, which all stand in `trail`. */
export function linksOn({ to }: SessionHeader, trail: HTMLElement, post: Post): Node[] {
  const links = to
    .filter(({ kind }) => kind !== 'subagent')
    .map((next) =>
      next.kind === 'fork'
        ? sessionLink(next, l10n.t('Fork: {0}', next.title), 'repo-forked', post)
        : sessionLink(next, l10n.t('Hand-off: {0}', next.title), 'export', post),
    );
  if (links.length <= shownLinks + 1) return links;
  const more = textButton({
    label: l10n.t('{0} more', links.length - shownLinks),
    class: 'link',
    run: () => {
      trail.classList.add('whole');
      trail.replaceChildren(...links);
      links[0]?.focus();
    },
  });
  return [more, ...links.slice(-shownLinks)];
}

function sessionLink(
  { sessionId, title, inferred }: SessionRelative,
  label: string,
  iconName: string,
  post: Post,
): HTMLElement {
  return textButton({
    label: inferred === undefined ? title : l10n.t('{0} (inferred)', title),
    icon: iconName,
    class: 'link',
    title: inferred === undefined ? label : l10n.t('{0}, {1}', label, inferred),
    run: () => post({ type: 'openSession', sessionId }),
  });
}
