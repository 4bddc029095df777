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

package io.github.jetstreamspring.boot.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/**
 * Key and certificate, signed by itself, as the PEM files that nats-server and SSL
 * bundles read.
 *
 * @param certificate the certificate's file
 * @param key the private key's file
 */
record TestCertificates(Path certificate, Path key) {

	private static final String PASSWORD = "changeit";

	/**
	 * Makes a key and a certificate for this machine.
	 * @param directory where the files are written
	 * @param name name of the files
	 * @return the files
	 */
	static TestCertificates create(Path directory, String name) throws Exception {
		return create(directory, name, "ip:127.0.0.1,dns:localhost");
	}

	/**
	 * Makes a key and a certificate.
	 * @param directory where the files are written
	 * @param name name of the files
	 * @param hosts the hosts that the certificate is for, such as {@code dns:localhost}
	 * @return the files
	 */
	static TestCertificates create(Path directory, String name, String hosts) throws Exception {
		Path store = directory.resolve(name + ".p12");
		Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
				"-genkeypair", "-alias", name, "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=" + name,
				"-ext", "san=" + hosts, "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD)
			.redirectErrorStream(true)
			.start();
		String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		if (keytool.waitFor() != 0) {
			throw new IllegalStateException(output);
		}
		return export(store, directory, name);
	}

	private static TestCertificates export(Path store, Path directory, String name)
			throws IOException, GeneralSecurityException {
		KeyStore keyStore = KeyStore.getInstance("PKCS12");
		try (InputStream content = Files.newInputStream(store)) {
			keyStore.load(content, PASSWORD.toCharArray());
		}
		return new TestCertificates(
				write(directory.resolve(name + ".crt"), "CERTIFICATE", keyStore.getCertificate(name).getEncoded()),
				write(directory.resolve(name + ".key"), "PRIVATE KEY",
						keyStore.getKey(name, PASSWORD.toCharArray()).getEncoded()));
	}

	private static Path write(Path file, String type, byte[] content) throws IOException {
		String base64 = Base64.getMimeEncoder(64, new byte[] { '\n' }).encodeToString(content);
		return Files.writeString(file, "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(type, base64));
	}

}
