/** All domains of the quickstart, and what nobody offers a tool for. */
import type { DomainSpec, ToolSpec } from "../toolSpec.ts";
import { food } from "./food.ts";
import { helpdesk } from "./helpdesk.ts";
import { home } from "./home.ts";
import { money } from "./money.ts";
import { office } from "./office.ts";
import { travel } from "./travel.ts";

export const domains: readonly DomainSpec[] = [travel, home, helpdesk, office, money, food];

export const tools: readonly ToolSpec[] = domains.flatMap((domain) => domain.tools);

const domainByTool = new Map(domains.flatMap((domain) => domain.tools.map((tool) => [tool.name, domain] as const)));

/** The other tools of the same domain. */
export function neighbours(tool: ToolSpec): ToolSpec[] {
  return (domainByTool.get(tool.name)?.tools ?? []).filter((other) => other !== tool);
}
