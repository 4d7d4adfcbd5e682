/** How long a password may be: length is what makes one hard to guess (NIST SP 800-63B §3.1.1). */
export const PASSWORD_MIN = 10;
export const PASSWORD_MAX = 256;
