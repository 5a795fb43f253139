/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.broker;

import io.bascule.itests.support.Bundles;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** The same with BoringSSL in place of the JDK's TLS. */
public class BoringSslIT extends TlsIT {
    @Override
    protected Stream<Path> bundles() {
        return Stream.concat(super.bundles(), Bundles.boringSsl().stream());
    }

    @Override
    protected Map<String, String> mutual() throws Exception {
        Map<String, String> properties = super.mutual();
        properties.put("tls.provider", "boringssl");
        return properties;
    }

    /** No test here: it is there. */
    @Override
    public void tellsThatAProviderIsNotThere() {}
}
