import * as vscode from 'vscode';
import type { LooksSecret } from '../../core/continuation/drafts/looksSecret.ts';
import type { Log } from '../../core/log.ts';
import { DraftCompletionItems, type FindFiles } from './draftCompletionItems.ts';
import { DraftDiagnostics } from './draftDiagnostics.ts';
import { DraftDocuments } from './draftDocuments.ts';
import { type DraftFiles, draftLanguage } from './draftFiles.ts';
import { DraftLenses } from './draftLenses.ts';
import { DraftLinks } from './draftLinks.ts';
import { type DraftOfferPorts, DraftOffers } from './draftOffers.ts';
import { DraftRecords } from './draftRecords.ts';
import { DraftStatus } from './draftStatus.ts';
import { keepDraftVerb } from './draftVerbKey.ts';

export interface DraftPorts {
  readonly context: Pick<vscode.ExtensionContext, 'workspaceState'>;
  readonly files: DraftFiles;
  readonly offers: DraftOfferPorts;
  readonly findFiles: FindFiles;
  /** Finds what looks like a secret in a brief. */
  readonly looksSecret: LooksSecret;
  readonly log: Log;
}

/** Makes continuation prompts documents, with all that helps to write them. */
export function registerDrafts(
  { context, files, offers, findFiles, looksSecret, log }: DraftPorts,
  own: <T extends { dispose(): unknown }>(disposable: T) => T,
): DraftDocuments {
  const drafts = own(new DraftDocuments(files, new DraftRecords(context.workspaceState)));
  const offered = own(new DraftOffers(offers));
  const diagnostics = own(new DraftDiagnostics(drafts, offered, looksSecret));
  own(offers.onDidChange(() => diagnostics.refresh()));
  own(new DraftStatus());
  own(keepDraftVerb(drafts, log));
  const selector = { language: draftLanguage };
  own(vscode.languages.registerCodeLensProvider(selector, own(new DraftLenses(drafts))));
  own(vscode.languages.registerDocumentLinkProvider(selector, new DraftLinks(drafts)));
  own(
    vscode.languages.registerCompletionItemProvider(
      selector,
      new DraftCompletionItems(drafts, offered, findFiles),
      ...DraftCompletionItems.triggers,
    ),
  );
  return drafts;
}
