import type { Plugin } from 'esbuild';

export const leanMarkdown: Plugin;
