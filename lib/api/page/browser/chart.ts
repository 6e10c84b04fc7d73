/** The script of a provider's charts, apart from the page's script because the overview needs no charts. */

import { showPhaseChart } from './phase-chart.ts';
import { showResponseChart } from './response-chart.ts';

const provider = document.querySelector<HTMLElement>('[data-provider]')?.dataset.provider;
const responses = document.querySelector<HTMLElement>('#response-chart');
const tabs = document.querySelector<HTMLElement>('.tabs');
const phases = document.querySelector<HTMLElement>('#phase-chart');

if (provider && responses && tabs) showResponseChart(responses, tabs, provider);
if (provider && phases) showPhaseChart(phases, provider);
