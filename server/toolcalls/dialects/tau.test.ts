import assert from "node:assert/strict";
import test from "node:test";
import { Ref } from "./ref.ts";
import { tau } from "./tau.ts";
import { callContents, standsAt } from "./testing/contents.ts";

test("Actions with kwargs, and actions with arguments", () => {
  const first = { user_id: "u", instruction: "Cancel.", actions: [{ name: "f", kwargs: { id: "#1" } }], outputs: [] };
  const second = {
    id: "3",
    user_scenario: { instructions: { reason_for_call: "Cancel." } },
    evaluation_criteria: {
      actions: [
        { action_id: "3_0", name: "f", arguments: { id: "#1" }, requestor: "assistant" },
        { action_id: "3_1", name: "toggle_wifi", arguments: {}, requestor: "user" },
      ],
    },
  };
  for (const record of [first, second]) {
    const [sample] = tau.read(record, Ref.root).samples;
    const [call] = sample?.gold ?? [];
    assert.ok(sample !== undefined && call !== undefined);
    // What the user does is no call of the agent.
    assert.deepEqual(sample.gold?.map(callContents), [{ name: "f", arguments: { id: "#1" } }]);
    assert.equal(standsAt(record, call.argumentsRef.at("id")), "#1");
    assert.equal(standsAt(record, sample.queryRef), "Cancel.");
  }
});
