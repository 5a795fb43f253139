/* SPDX-License-Identifier: Apache-2.0 */
/** What the providers have in common: a configuration that names a file, and a look at that file every now and then. */
package io.bascule.security.file;
