/** Arguments of a call in a line, as they were given: `account: "till", amount: 5`. */
export function argumentsLine(input: Readonly<Record<string, unknown>>): string {
  return Object.entries(input)
    .map(
      ([name, value]) => `${/^[\w-]+$/.test(name) ? name : JSON.stringify(name)}: ${JSON.stringify(value)}`,
    )
    .join(', ');
}

/** Whether arguments can be written as JSON: they cannot where they are nested thousands of times. */
export function canBeWritten(input: object): boolean {
  try {
    return JSON.stringify(input) !== undefined;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
