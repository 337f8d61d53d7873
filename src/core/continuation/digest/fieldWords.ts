/** What an answer says of a work's state, by the headings and lead words that people and models give it. */
export type FieldKind = 'decided' | 'failed' | 'next' | 'careful' | 'open';

export const fieldKinds: readonly FieldKind[] = ['decided', 'failed', 'next', 'careful', 'open'];

/** What each field is called in the texts that models read. */
export const fieldNames: Readonly<Record<FieldKind, string>> = {
  decided: 'Decided',
  failed: 'Failed',
  next: 'Next',
  careful: 'Careful',
  open: 'Open',
};

/** In small letters, of the languages in which people work most: what else is said stays prose. */
const words: Readonly<Record<FieldKind, readonly string[]>> = {
  decided: [
    'decided, decision, decisions, key decisions, decisions made, design decisions, what was decided, what i decided',
    'entschieden, entscheidung, entscheidungen, getroffene entscheidungen, beschlossen, beschlüsse, festgelegt',
    'décidé, décision, décisions, décisions prises, choix, choix retenus',
    'decidido, decisión, decisiones, decisiones tomadas',
    'decisão, decisões, decisões tomadas, definido',
    'deciso, decisione, decisioni, decisioni prese, scelte',
    '決定, 決定事項, 決定したこと, 決めたこと, 設計判断, 採用した方針',
    '决定, 决策, 决定事项, 已决定, 設計決策, 设计决策',
    '결정, 결정 사항, 결정사항, 결정한 것',
    'решено, решения, принятые решения, принятое решение, что решено',
  ],
  failed: [
    "failed, failure, failures, tried and failed, what failed, did not work, didn't work, does not work, what did not work, what didn't work, dead ends, rejected, still failing",
    'gescheitert, fehlgeschlagen, fehlversuche, nicht funktioniert, was nicht funktioniert hat, was nicht ging, ging nicht, verworfen',
    "échec, échecs, échoué, a échoué, ce qui a échoué, ce qui n'a pas marché, ce qui n'a pas fonctionné, écarté, abandonné",
    'falló, fallos, fallido, lo que falló, lo que no funcionó, no funcionó, descartado',
    'falhou, falhas, o que falhou, o que não funcionou, não funcionou',
    'fallito, falliti, tentativi falliti, cosa non ha funzionato, non ha funzionato, scartato',
    '失敗, 失敗したこと, うまくいかなかったこと, 試してだめだったこと, 却下した案',
    '失败, 失败的尝试, 没有成功, 行不通, 未成功, 失敗的嘗試',
    '실패, 실패한 것, 실패한 시도, 안 된 것',
    'не удалось, не получилось, не сработало, что не сработало, неудачи, неудачные попытки, отвергнуто',
  ],
  next: [
    "next, next step, next steps, what's next, what is next, next up, suggested next steps, recommended next steps, remaining, remaining work, remaining steps, still to do, left to do, to do, todo, follow-up, follow-ups",
    'nächster schritt, nächste schritte, als nächstes, wie geht es weiter, wie es weitergeht, weiter, noch zu tun, bleibt zu tun',
    'prochaine étape, prochaines étapes, étape suivante, étapes suivantes, ensuite, la suite, suite, reste à faire, à faire',
    'siguiente, siguiente paso, siguientes pasos, próximo paso, próximos pasos, a continuación, por hacer, queda por hacer, falta por hacer',
    'próximos passos, próximo passo, próximas etapas, a seguir, por fazer, falta fazer',
    'prossimo passo, prossimi passi, passi successivi, da fare, resta da fare, in seguito',
    '次, 次のステップ, 次の手順, 次の作業, 次にやること, 今後の作業, 今後の予定, 残作業, 残タスク, 残りの作業',
    '下一步, 接下来, 接下來, 后续, 后续步骤, 后续工作, 待办, 待办事项, 後續步驟, 剩余工作',
    '다음, 다음 단계, 다음 작업, 할 일, 남은 작업, 남은 일',
    'дальше, далее, следующий шаг, следующие шаги, что дальше, осталось, осталось сделать, план дальше',
  ],
  careful: [
    'careful, be careful, caution, caveat, caveats, warning, warnings, watch out, gotcha, gotchas, risk, risks, pitfall, pitfalls, beware, attention, important',
    'vorsicht, achtung, warnung, zu beachten, zu beachten ist, bitte beachten, risiko, risiken, wichtig, fallstricke',
    "attention, prudence, avertissement, mise en garde, point d'attention, points d'attention, à noter, risque, risques, important",
    'cuidado, ojo, atención, advertencia, advertencias, riesgo, riesgos, importante',
    'atenção, aviso, avisos, risco, pontos de atenção',
    'attenzione, avvertenza, avvertenze, rischio, rischi, cautela',
    '注意, 注意点, 注意事項, 警告, リスク, 気をつけること',
    '注意事项, 小心, 风险, 風險, 注意点',
    '주의, 주의 사항, 주의사항, 주의할 점, 경고, 위험',
    'осторожно, внимание, предупреждение, риск, риски, важно, подводные камни',
  ],
  open: [
    'open, open question, open questions, open points, open issues, question, questions, questions for you, question for you, unresolved, unclear, undecided, blocked, blocker, blockers, still open, known issues',
    'offen, noch offen, offene frage, offene fragen, offene punkte, frage, fragen, rückfrage, rückfragen, ungeklärt, unklar, blockiert',
    'question ouverte, questions ouvertes, points ouverts, en suspens, à trancher, ouvert, bloqué',
    'pregunta, preguntas, pregunta abierta, preguntas abiertas, abierto, sin resolver, pendiente, pendientes, dudas, bloqueado',
    'pergunta, perguntas, pergunta em aberto, perguntas em aberto, questões em aberto, em aberto, aberto, dúvidas',
    'domanda, domande, domanda aperta, domande aperte, questioni aperte, punti aperti, aperto, in sospeso, bloccato',
    '未解決, 未解決の問題, 未解決の点, 未決, 未決事項, 質問, 確認事項, 確認したいこと, 要確認',
    '未解决, 未决, 未决问题, 待确认, 待解决, 问题待定, 需要确认, 待確認',
    '미해결, 미해결 문제, 미결, 미결 사항, 열린 질문, 질문, 확인 필요',
    'открыто, открытый вопрос, открытые вопросы, вопрос, вопросы, не решено, неясно, под вопросом, нерешенное',
  ],
};

const kinds: ReadonlyMap<string, FieldKind> = new Map(
  fieldKinds.flatMap((kind) =>
    words[kind].flatMap((list) => list.split(', ').map((word) => [normalize(word), kind] as const)),
  ),
);

/** Characters of a label at most: more is a sentence. */
const labelLength = 60;

/** The field that a heading or a lead word names; undefined: none. */
export function findField(label: string): FieldKind | undefined {
  return label.length > labelLength ? undefined : kinds.get(normalize(label));
}

/** The field of a heading, which may say more: `Next steps for the parser`, `3. Open questions (2)`. */
export function findHeadingField(heading: string): FieldKind | undefined {
  const whole = findField(heading);
  if (whole !== undefined || heading.length > labelLength) return whole;
  const parts = normalize(heading).split(' ');
  for (let count = parts.length - 1; count >= 2; count--) {
    const kind = kinds.get(parts.slice(0, count).join(' '));
    if (kind !== undefined) return kind;
  }
  return undefined;
}

/** Words by which a sentence says what comes next without a colon, in small letters. */
const nextLeads =
  /^(?:next,|next up|as a next step|the next step is|next i|als nächstes|im nächsten schritt|ensuite,|prochaine étape|l'étape suivante|a continuación,|el siguiente paso|a seguir,|o próximo passo|il prossimo passo|次に、|次は|接下来|下一步|다음으로|다음 단계는|далее|дальше|следующий шаг|следующим шагом)/iu;

export function saysNext(sentence: string): boolean {
  return nextLeads.test(sentence.replaceAll('’', "'"));
}

/** Such a sentence without the word that only says that it is next. */
export function withoutNextLead(sentence: string): string {
  const rest = sentence.replace(
    /^(?:next|ensuite|a continuación|a seguir|далее|дальше|次に|接下来|다음으로)(?:[,、，]\s*|\s+(?=\p{Script=Hangul}))/iu,
    '',
  );
  return rest === sentence ? sentence : rest.charAt(0).toLocaleUpperCase('en') + rest.slice(1);
}

/** Without numbers, signs and brackets around it, in small letters and one form of each letter. */
function normalize(label: string): string {
  const plain = label
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('’', "'")
    .replaceAll('ё', 'е')
    .replaceAll('\ufe0f', '');
  const [core = ''] = /\p{L}.*/su.exec(plain.replaceAll(/\([^()]{0,60}\)/g, ' ')) ?? [];
  return trimEnd(core).replaceAll(/\s+/g, ' ');
}

function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && !/[\p{L}\p{M}\p{N}]/u.test(text[end - 1] ?? '')) end -= 1;
  return text.slice(0, end);
}
