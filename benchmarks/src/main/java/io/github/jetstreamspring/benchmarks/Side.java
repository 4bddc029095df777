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

import java.util.List;
import java.util.Locale;

/**
 * What is compared.
 */
enum Side {

	/**
	 * The best loop known on the raw client, on a connection with the starter's options.
	 */
	RAW {

		@Override
		Worker open(Case testCase, String url, Work work) throws Exception {
			return new RawCredit(testCase, RawConnections.open(url, "raw"), work);
		}

	},

	/**
	 * The same on a connection with the client's own default, to flush each request.
	 */
	RAW_FLUSH {

		@Override
		Worker open(Case testCase, String url, Work work) throws Exception {
			return new RawCredit(testCase, RawConnections.openFlushing(url, "raw"), work);
		}

	},

	/**
	 * The client's {@code consume()}, which has one worker.
	 */
	CONSUME {

		@Override
		Worker open(Case testCase, String url, Work work) throws Exception {
			return new RawConsume(RawConnections.open(url, "raw"), work);
		}

	},

	/**
	 * An annotated method that takes bytes and reads JSON with Jackson itself: what JSON
	 * costs that nobody converts.
	 */
	LISTENER_PARSING {

		@Override
		Worker open(Case testCase, String url, Work work) {
			return new ListenerWorker(testCase, url, work, ListenerWorker.ParsingHandler.class);
		}

	},

	/**
	 * An annotated method in a Spring Boot application.
	 */
	LISTENER {

		@Override
		Worker open(Case testCase, String url, Work work) {
			return new ListenerWorker(testCase, url, work,
					testCase.json() ? ListenerWorker.JsonHandler.class : ListenerWorker.BytesHandler.class);
		}

	},

	/**
	 * The listener without what the log is told.
	 */
	LISTENER_SILENT {

		@Override
		Worker open(Case testCase, String url, Work work) {
			return new ListenerWorker(testCase, url, work,
					testCase.json() ? ListenerWorker.JsonHandler.class : ListenerWorker.BytesHandler.class,
					"--jetstream.log-context.enabled=false");
		}

	},

	/**
	 * The listener with meters, as they are with Actuator, but no observations.
	 */
	LISTENER_METERS {

		@Override
		Worker open(Case testCase, String url, Work work) {
			return new ListenerWorker(testCase, url, work,
					testCase.json() ? ListenerWorker.JsonHandler.class : ListenerWorker.BytesHandler.class,
					"--spring.autoconfigure.exclude=", "--jetstream.observation.enabled=false");
		}

	},

	/**
	 * The listener with meters and observations, as they are with Actuator.
	 */
	LISTENER_OBSERVED {

		@Override
		Worker open(Case testCase, String url, Work work) {
			return new ListenerWorker(testCase, url, work,
					testCase.json() ? ListenerWorker.JsonHandler.class : ListenerWorker.BytesHandler.class,
					"--spring.autoconfigure.exclude=");
		}

	};

	/**
	 * Gets everything ready to handle messages.
	 */
	abstract Worker open(Case testCase, String url, Work work) throws Exception;

	/**
	 * Returns what is worth a comparison in a case.
	 */
	static List<Side> of(Case testCase) {
		if (testCase.confirmed()) {
			return List.of(RAW, RAW_FLUSH, LISTENER);
		}
		if (testCase.json()) {
			return List.of(RAW, LISTENER_PARSING, LISTENER);
		}
		return (testCase.concurrency() == 1 && testCase.isQuick()) ? List.of(RAW, CONSUME, LISTENER)
				: List.of(RAW, LISTENER);
	}

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
