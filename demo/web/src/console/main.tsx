import { mount } from '../ui/mount.tsx';
import { ConsoleApp } from './console-app.tsx';
import { takeKey } from './take-key.ts';
import '../styles/console.css';
import '../styles/console-work.css';

mount(<ConsoleApp consoleKey={takeKey()} />);
