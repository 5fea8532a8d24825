/** Accessibility faults of what the window shows, by axe-core. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { animationsOver } from './window.ts';

export async function expectNoFaults(page: Page, state: string): Promise<void> {
  // A dialog or menu is judged where it ends up, not half faded in.
  await animationsOver(page);
  // Electron's page has no second page to run axe in: legacy mode runs it in this one.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  const serious = violations.filter((violation) => violation.impact === 'serious' || violation.impact === 'critical');
  const told = serious.map(({ id, help, nodes }) => ({ state, id, help, where: nodes.map((node) => node.html.slice(0, 200)) }));
  expect(told).toEqual([]);
}

/** In both themes, which are the page's styles alone; the page keeps the one it had. */
export async function expectNoFaultsInBoth(page: Page, state: string): Promise<void> {
  const dark = (await page.locator('html').getAttribute('data-theme')) === 'dark';
  for (const theme of dark ? ['light', 'dark'] : ['dark', 'light']) {
    await page.evaluate((name) => void (document.documentElement.dataset['theme'] = name), theme);
    await expectNoFaults(page, `${state}, ${theme}`);
  }
}
