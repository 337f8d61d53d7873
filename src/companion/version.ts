declare const COMPANION_VERSION: string;

/** That of the extension that this file came with; `esbuild.mjs` writes it in. */
export const companionVersion: string = COMPANION_VERSION;
