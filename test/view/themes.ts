import type { Page } from "playwright-core";

/** The editor's variables as its own themes set them (Dark Modern, Light Modern, Dark High Contrast): those that the view uses. */
export type Theme = "dark" | "light" | "contrast";

const common = {
  "font-family": "system-ui, 'DejaVu Sans', sans-serif",
  "font-size": "13px",
  "font-weight": "normal",
  "editor-font-family": "'DejaVu Sans Mono', monospace",
  "editor-font-size": "12px",
};

const dark = {
  foreground: "#cccccc",
  descriptionForeground: "#9d9d9d",
  "editor-background": "#1f1f1f",
  "editor-foreground": "#cccccc",
  "sideBar-background": "#181818",
  "panel-border": "#2b2b2b",
  focusBorder: "#0078d4",
  "list-hoverBackground": "#2a2d2e",
  "list-activeSelectionBackground": "#04395e",
  "list-activeSelectionForeground": "#ffffff",
  "list-inactiveSelectionBackground": "#37373d",
  "testing-iconPassed": "#73c991",
  "testing-iconFailed": "#f88070",
  "charts-blue": "#59a4f9",
  "charts-green": "#89d185",
  "charts-red": "#f14c4c",
  "charts-yellow": "#cca700",
  "charts-purple": "#b180d7",
  "charts-orange": "#ea5c0055",
  "badge-background": "#616161",
  "badge-foreground": "#f8f8f8",
  "textLink-foreground": "#4daafc",
  "editorWarning-foreground": "#cca700",
  "inputValidation-warningBackground": "#352a05",
  "inputValidation-warningBorder": "#b89500",
  "textCodeBlock-background": "#2b2b2b",
  "progressBar-background": "#0078d4",
  "button-border": "#ffffff1a",
  "button-background": "#0078d4",
  "button-foreground": "#ffffff",
  "button-hoverBackground": "#026ec1",
  "button-secondaryBackground": "#00000000",
  "button-secondaryForeground": "#cccccc",
  "button-secondaryHoverBackground": "#2b2b2b",
  "input-background": "#313131",
  "input-border": "#3c3c3c",
  "input-foreground": "#cccccc",
  "input-placeholderForeground": "#989898",
  "checkbox-background": "#313131",
  "checkbox-border": "#3c3c3c",
  "checkbox-foreground": "#cccccc",
  "dropdown-background": "#313131",
  "dropdown-foreground": "#cccccc",
  "dropdown-border": "#3c3c3c",
  "settings-dropdownListBorder": "#454545",
  "toolbar-hoverBackground": "#5a5d5e50",
  "icon-foreground": "#cccccc",
  "widget-shadow": "#0000005c",
};

const light = {
  ...dark,
  foreground: "#3b3b3b",
  descriptionForeground: "#3b3b3b",
  "editor-background": "#ffffff",
  "editor-foreground": "#3b3b3b",
  "sideBar-background": "#f8f8f8",
  "panel-border": "#e5e5e5",
  focusBorder: "#005fb8",
  "list-hoverBackground": "#f2f2f2",
  "list-activeSelectionBackground": "#e8e8e8",
  "list-activeSelectionForeground": "#000000",
  "list-inactiveSelectionBackground": "#e4e6f1",
  "testing-iconPassed": "#73c991",
  "testing-iconFailed": "#b01011",
  "charts-blue": "#0063d3",
  "charts-green": "#388a34",
  "charts-red": "#e51400",
  "charts-yellow": "#bf8803",
  "charts-purple": "#652d90",
  "charts-orange": "#ea5c0055",
  "badge-background": "#cccccc",
  "badge-foreground": "#3b3b3b",
  "textLink-foreground": "#005fb8",
  "editorWarning-foreground": "#bf8803",
  "inputValidation-warningBackground": "#f6f5d2",
  "inputValidation-warningBorder": "#b89500",
  "textCodeBlock-background": "#f8f8f8",
  "progressBar-background": "#005fb8",
  "button-border": "#0000001a",
  "button-background": "#005fb8",
  "button-hoverBackground": "#0258a8",
  "button-secondaryBackground": "#e5e5e5",
  "button-secondaryForeground": "#3b3b3b",
  "button-secondaryHoverBackground": "#cccccc",
  "input-background": "#ffffff",
  "input-border": "#cecece",
  "input-foreground": "#3b3b3b",
  "input-placeholderForeground": "#767676",
  "checkbox-background": "#f8f8f8",
  "checkbox-border": "#cecece",
  "checkbox-foreground": "#3b3b3b",
  "dropdown-background": "#ffffff",
  "dropdown-foreground": "#3b3b3b",
  "dropdown-border": "#cecece",
  "settings-dropdownListBorder": "#cecece",
  "icon-foreground": "#3b3b3b",
  "widget-shadow": "#00000029",
};

/** High contrast leaves out most backgrounds and draws borders instead. */
const contrast = {
  foreground: "#ffffff",
  descriptionForeground: "#ffffffb3",
  "editor-background": "#000000",
  "editor-foreground": "#ffffff",
  "sideBar-background": "#000000",
  "panel-border": "#6fc3df",
  contrastBorder: "#6fc3df",
  contrastActiveBorder: "#f38518",
  focusBorder: "#f38518",
  "list-focusOutline": "#f38518",
  "testing-iconPassed": "#73c991",
  "charts-blue": "#59a4f9",
  "charts-green": "#89d185",
  "charts-red": "#f48771",
  "charts-yellow": "#ffd370",
  "charts-purple": "#b180d7",
  "badge-background": "#000000",
  "badge-foreground": "#ffffff",
  "textLink-foreground": "#21a6ff",
  "editorWarning-foreground": "#ffd370",
  "inputValidation-warningBackground": "#000000",
  "inputValidation-warningBorder": "#6fc3df",
  "textCodeBlock-background": "#000000",
  "progressBar-background": "#6fc3df",
  "button-foreground": "#ffffff",
  "button-background": "#000000",
  "button-border": "#6fc3df",
  "button-secondaryForeground": "#ffffff",
  "button-secondaryBackground": "#000000",
  "input-background": "#000000",
  "input-foreground": "#ffffff",
  "input-border": "#6fc3df",
  "input-placeholderForeground": "#ffffffb3",
  "checkbox-background": "#000000",
  "checkbox-border": "#6fc3df",
  "checkbox-foreground": "#ffffff",
  "dropdown-background": "#000000",
  "dropdown-foreground": "#ffffff",
  "dropdown-border": "#6fc3df",
  "settings-dropdownListBorder": "#6fc3df",
  "icon-foreground": "#ffffff",
};

const written = (colours: Record<string, string>): string =>
  Object.entries({ ...common, ...colours })
    .map(([name, value]) => `--vscode-${name}: ${value};`)
    .join(" ");

/** Some of the toolkit's tokens, each with the editor's variable that every theme here gives it. */
const tokens = [
  ["--foreground", "--vscode-foreground"],
  ["--button-primary-background", "--vscode-button-background"],
  ["--button-secondary-background", "--vscode-button-secondaryBackground"],
  ["--button-secondary-foreground", "--vscode-button-secondaryForeground"],
  ["--checkbox-background", "--vscode-checkbox-background"],
  ["--dropdown-background", "--vscode-dropdown-background"],
  ["--input-background", "--vscode-input-background"],
  ["--link-foreground", "--vscode-textLink-foreground"],
] as const;

/**
 * Puts a page into another theme while it is open, as the editor does it. Settles when the toolkit wears it too, whose controls
 * take up the colours of a theme after the page has them.
 */
export async function wear(page: Page, theme: Theme): Promise<void> {
  await page.evaluate(({ bodyClass, variables }) => {
    document.documentElement.style.cssText = variables;
    document.body.className = bodyClass;
    document.body.dataset.vscodeThemeKind = bodyClass;
  }, themes[theme]);
  await page.waitForFunction((pairs) => {
    if (!document.querySelector(":defined:is(vscode-button, vscode-text-field, vscode-checkbox, vscode-dropdown)"))
      return true;
    const styles = getComputedStyle(document.body);
    const given = (name: string): string => styles.getPropertyValue(name).trim();
    return pairs.every(([token, variable]) => given(token) === given(variable));
  }, tokens);
}

export const themes: Record<Theme, { bodyClass: string; variables: string }> = {
  dark: { bodyClass: "vscode-dark", variables: written(dark) },
  light: { bodyClass: "vscode-light", variables: written(light) },
  contrast: { bodyClass: "vscode-high-contrast", variables: written(contrast) },
};
