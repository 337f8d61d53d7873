import type { FoundSecret, SecretFinder } from '../core/ports/secretFinder.ts';

/**
 * Secretlint with the rules that it recommends: keys of clouds, of code hosts and of models, private keys, addresses with
 * passwords. It is loaded when it is asked for the first time; nothing but the text itself is looked at.
 */
export const secretlint: SecretFinder = {
  find: async (text) => {
    const { lint } = await load();
    return (await lint(text)).map(({ range: [start, end], ruleId }) => toFound(start, end, ruleId));
  },
};

/** By this rule a comment switches the search off, and any file that a session read may have one. */
const switchedByComments = '@secretlint/secretlint-rule-filter-comments';

async function load() {
  const [{ lintSource }, { rules }] = await Promise.all([
    import('@secretlint/core'),
    import('@secretlint/secretlint-rule-preset-recommend'),
  ]);
  const looking = rules.filter(({ meta }) => meta.id !== switchedByComments);
  const config = { rules: looking.map((rule) => ({ id: rule.meta.id, rule, options: {} })) };
  return {
    lint: async (content: string) => {
      const source = { filePath: 'session.txt', content, ext: '.txt', contentType: 'text' as const };
      const { messages } = await lintSource({ source, options: { config, noPhysicFilePath: true } });
      return messages;
    },
  };
}

/** `@secretlint/secretlint-rule-github` is known as `github`. */
function toFound(start: number, end: number, ruleId: string): FoundSecret {
  return { start, end, rule: ruleId.replace(/^.*secretlint-rule-/, '') };
}
