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

package io.github.jetstreamspring.benchmarks;

import java.util.Locale;

/**
 * What is compared when messages are published.
 */
enum PublishSide {

	/**
	 * The raw client as it comes, which flushes each message.
	 */
	RAW_FLUSH {

		@Override
		Publisher open(PublishCase publishCase, String url) throws Exception {
			return new RawPublisher(publishCase, RawConnections.openFlushing(url, "raw"));
		}

	},

	/**
	 * The raw client on a connection with the starter's option not to flush.
	 */
	RAW {

		@Override
		Publisher open(PublishCase publishCase, String url) throws Exception {
			return new RawPublisher(publishCase, RawConnections.open(url, "raw"));
		}

	},

	/**
	 * The template in a Spring Boot application.
	 */
	TEMPLATE {

		@Override
		Publisher open(PublishCase publishCase, String url) {
			return new TemplatePublisher(publishCase, url);
		}

	},

	/**
	 * A bare socket, which is as fast as the server allows.
	 */
	SOCKET {

		@Override
		Publisher open(PublishCase publishCase, String url) throws Exception {
			return new SocketPublisher(publishCase, url);
		}

	};

	/**
	 * Gets everything ready to publish.
	 */
	abstract Publisher open(PublishCase publishCase, String url) throws Exception;

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
