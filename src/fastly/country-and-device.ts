import { Device } from 'fastly:device';
import { getGeolocationForIpAddress } from 'fastly:geolocation';

/** ISO 3166-1 alpha-2 of a client's address, or null where the platform does not know. */
export function countryOf(address: string): string | null {
  try {
    const code = getGeolocationForIpAddress(address)?.country_code ?? null;
    return code !== null && /^[A-Za-z]{2}$/.test(code) ? code.toUpperCase() : null;
  } catch {
    return null;
  }
}

/** The class of a device, or null where the platform does not know it. */
export function deviceOf(userAgent: string): 'desktop' | 'mobile' | 'tablet' | null {
  try {
    const device = Device.lookup(userAgent);
    if (device === null) return null;
    if (device.isTablet) return 'tablet';
    if (device.isMobile) return 'mobile';
    return device.isDesktop ? 'desktop' : null;
  } catch {
    return null;
  }
}
