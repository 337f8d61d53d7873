/** The verbs whose text can be reviewed in an editor before it is sent. */
export type ReviewedVerb = 'relay' | 'handOff' | 'fork' | 'compact';

/** Whether a verb opens a draft or sends at once, unless the setting says otherwise. */
const byDefault: Readonly<Record<ReviewedVerb, Review>> = {
  relay: 'never',
  handOff: 'always',
  fork: 'always',
  compact: 'always',
};

export type Review = 'always' | 'never';

/** Reads the setting: one word for all verbs, or an object with a word for each. */
export function parseReview(setting: unknown, verb: ReviewedVerb): Review {
  const value: unknown =
    typeof setting === 'object' && setting !== null
      ? Object.entries(setting).find(([name]) => name === verb)?.[1]
      : setting;
  return value === 'always' || value === 'never' ? value : byDefault[verb];
}
