/** From turn to turn by mouse, and how far one is. */
import type { ShownTurn } from "../../../schemas/episodesView.ts";
import { Icon } from "../../controls/Icon.tsx";
import { Button } from "../../controls/index.tsx";

export interface StepperProps {
  turns: readonly ShownTurn[];
  current: number;
  step(by: 1 | -1): void;
  unfolded: boolean;
  unfold(all: boolean): void;
}

export function Stepper({ turns, current, step, unfolded, unfold }: StepperProps) {
  return (
    <div class="stepper">
      <Button appearance="icon" label="Previous Turn (←)" onClick={() => step(-1)}>
        <Icon name="chevron-left" />
      </Button>
      <span class="number">
        Turn {current + 1} of {turns.length}
      </span>
      <Button appearance="icon" label="Next Turn (→)" onClick={() => step(1)}>
        <Icon name="chevron-right" />
      </Button>
      <Button
        appearance="icon"
        label={unfolded ? "Show One Turn at a Time" : "Unfold All Turns"}
        pressed={unfolded}
        onClick={() => unfold(!unfolded)}
      >
        <Icon name={unfolded ? "collapse-all" : "expand-all"} />
      </Button>
    </div>
  );
}
