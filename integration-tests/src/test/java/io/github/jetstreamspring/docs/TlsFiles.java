/*
 * Copyright 2026-present the JetStream Spring Boot authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.jetstreamspring.docs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/**
 * A certificate that signs itself, and its key, for a server and a client alike.
 */
final class TlsFiles {

	private static final String PASSWORD = "changeit";

	private TlsFiles() {
	}

	static void write(Path directory) throws IOException, GeneralSecurityException, InterruptedException {
		Path store = directory.resolve("store.p12");
		Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
		int result = new ProcessBuilder(keytool.toString(), "-genkeypair", "-alias", "nats", "-keyalg", "EC", "-dname",
				"CN=nats", "-ext", "san=ip:127.0.0.1", "-ext", "bc=ca:true", "-keystore", store.toString(),
				"-storepass", PASSWORD)
			.inheritIO()
			.start()
			.waitFor();
		if (result != 0) {
			throw new IllegalStateException("keytool ended with " + result);
		}
		KeyStore keys = KeyStore.getInstance("PKCS12");
		try (InputStream content = Files.newInputStream(store)) {
			keys.load(content, PASSWORD.toCharArray());
		}
		String certificate = pem("CERTIFICATE", keys.getCertificate("nats").getEncoded());
		Files.writeString(directory.resolve("ca.pem"), certificate);
		Files.writeString(directory.resolve("app.pem"), certificate);
		Files.writeString(directory.resolve("app-key.pem"),
				pem("PRIVATE KEY", keys.getKey("nats", PASSWORD.toCharArray()).getEncoded()));
	}

	private static String pem(String type, byte[] content) {
		String text = Base64.getMimeEncoder(64, new byte[] { '\n' }).encodeToString(content);
		return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(type, text);
	}

}
