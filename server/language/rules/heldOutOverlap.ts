import type { Rule } from "./rule.ts";

export const heldOutOverlap: Rule = {
  id: "held-out-overlap",
  severity: "error",
  title: "Held-out sample that is trained on",
  documentation: {
    text: "The same question with the same answer is in the experiment's training file. Held-out accuracy then measures memory. Take it out of one of the two files.",
    bad: "The same row in train.samples.jsonl and in heldout.samples.jsonl.",
    good: "A row of heldout.samples.jsonl whose question train.samples.jsonl does not have.",
  },
  across({ facts }, index, { report, origin }) {
    if (index.role(origin.file) !== "held-out") return;
    for (const { kind, key, ref } of facts) {
      if (kind !== "sample") continue;
      for (const { fact, origin: other } of index.of(kind, key)) {
        if (index.role(other.file) !== "train" || !index.together(other.file, origin.file)) continue;
        const related = [{ message: "The training sample is here.", origin: other, ref: fact.ref }];
        report(ref, "This held-out sample is also a training sample; take it out of one of the two files.", {
          related,
        });
        break;
      }
    }
  },
};
