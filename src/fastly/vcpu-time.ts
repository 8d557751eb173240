export { vCpuTime } from 'fastly:compute';
