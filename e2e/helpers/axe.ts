/** Accessibility faults of what the window shows, by axe-core. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { animationsOver } from './window.ts';

/** A theme is colours alone (renderer/ui/tokens.css), and these are the rules that look at colours. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

/** What axe finds in the page as it is: by all of its rules, or by these. */
async function violationsIn(page: Page, rules: readonly string[] | null, part: string | null = null): Promise<Awaited<ReturnType<AxeBuilder['analyze']>>['violations']> {
  // A dialog or menu is judged where it ends up, not half faded in.
  await animationsOver(page);
  // A megabyte of script is read by the page once; `void 0` is a script that does nothing.
  const axeSource = (await page.evaluate(() => 'axe' in window)) ? 'void 0' : undefined;
  // Electron's page has no second page to run axe in: legacy mode runs it in this one.
  const builder = new AxeBuilder({ page, axeSource }).setLegacyMode(true);
  // What passes is told in short, which spares finding a selector for every element.
  builder.options({ resultTypes: ['violations'], ...(rules && { runOnly: { type: 'rule', values: [...rules] } }) });
  if (part !== null) builder.include(part);
  return (await builder.analyze()).violations;
}

async function expectNone(page: Page, state: string, rules: readonly string[] | null): Promise<void> {
  const serious = (await violationsIn(page, rules)).filter((violation) => violation.impact === 'serious' || violation.impact === 'critical');
  const told = serious.map(({ id, help, nodes }) => ({ state, id, help, where: nodes.map((node) => node.html.slice(0, 200)) }));
  expect(told).toEqual([]);
}

/** No serious fault, in both themes; the page keeps the one it had. */
export async function expectNoFaults(page: Page, state: string): Promise<void> {
  const theme = await page.locator('html').getAttribute('data-theme');
  const show = (name: string | null): Promise<void> => page.evaluate((value) => void (document.documentElement.dataset['theme'] = value ?? ''), name);
  const other = theme === 'dark' ? 'light' : 'dark';
  await expectNone(page, `${state}, ${theme ?? ''}`, null);
  await show(other);
  await expectNone(page, `${state}, ${other}`, COLOUR_RULES);
  await show(theme);
}

/** No fault at all, slight ones too, in a part of the page. */
export async function expectFaultless(page: Page, part: string): Promise<void> {
  expect((await violationsIn(page, null, part)).map(({ id, nodes }) => `${id} ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
}
