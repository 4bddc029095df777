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

import java.security.cert.CertificateException;
import java.util.stream.Stream;

import javax.net.ssl.SSLException;

import io.github.jetstreamspring.guard.Failures;
import org.jspecify.annotations.Nullable;

/**
 * Tells failures of TLS from others.
 */
final class TlsFailures {

	private TlsFailures() {
	}

	static boolean isTls(@Nullable Throwable failure) {
		return causes(failure).anyMatch(
				(cause) -> cause instanceof SSLException || String.valueOf(Failures.message(cause)).startsWith("SSL "));
	}

	// The Java runtime has no exception of its own for it
	static boolean isAboutHost(@Nullable Throwable failure) {
		return causes(failure).filter(CertificateException.class::isInstance)
			.map((cause) -> String.valueOf(Failures.message(cause)))
			.anyMatch((message) -> message.startsWith("No subject alternative ")
					|| message.startsWith("No name matching ") || message.startsWith("Illegal given domain name"));
	}

	private static Stream<Throwable> causes(@Nullable Throwable failure) {
		return Failures.causes(failure).stream();
	}

}
