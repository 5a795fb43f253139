/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.karaf;

import org.junit.runner.RunWith;
import org.junit.runners.Suite;

/** One container for all classes that run in Karaf. */
@RunWith(Suite.class)
@Suite.SuiteClasses({
    AuditTests.class,
    BootTests.class,
    ConsoleTests.class,
    FilesTests.class,
    RealmTests.class,
    SecretsTests.class
})
public class InKarafSuite {}
