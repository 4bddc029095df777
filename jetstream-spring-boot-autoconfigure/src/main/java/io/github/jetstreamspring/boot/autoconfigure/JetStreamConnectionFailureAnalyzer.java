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

import java.net.UnknownHostException;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says why the first connection could not be made, and what to do.
 */
class JetStreamConnectionFailureAnalyzer extends AbstractFailureAnalyzer<JetStreamConnectionException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, JetStreamConnectionException cause) {
		Throwable reason = cause.getCause();
		return new FailureAnalysis(cause.description() + details(reason), cause.action(), cause);
	}

	private static String details(@Nullable Throwable reason) {
		if (reason == null || reason.getMessage() == null) {
			return "";
		}
		if (reason instanceof RefusedException refused) {
			return "\n\nThe credentials shown were " + refused.credentials() + ".\n\nThe client says: "
					+ refused.getMessage();
		}
		String message = ServerUrls.masked(reason.getMessage());
		// Its message is nothing but the name
		return (reason instanceof UnknownHostException)
				? "\n\nNobody knows the host '%s' here: its name can't be resolved to an address.".formatted(message)
				: "\n\nThe client says: " + message;
	}

}
