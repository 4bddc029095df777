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
package io.github.jetstreamspring.boot.console;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application with a console whose connections are switched off.
 */
@Timeout(120)
class SwitchedOffTests {

	private static final HttpClient client = HttpClient.newHttpClient();

	@Test
	void theApplicationStartsAndThePageSaysWhatThereIs() throws Exception {
		try (ConsoleShop shop = new ConsoleShop("jetstream.enabled=false",
				"jetstream.connections.warehouse.servers=nats://nowhere.invalid:4222")) {
			assertThat(get(shop, "").statusCode()).isEqualTo(200);
			assertThat(get(shop, "api/session").statusCode()).isEqualTo(200);
			HttpResponse<String> now = get(shop, "api/now");
			assertThat(now.statusCode()).as(now.body()).isEqualTo(200);
			assertThat(now.body()).contains("\"default\"", "\"warehouse\"", "\"listeners\":{}");
			for (String path : new String[] { "history?window=10m", "history?window=10m&scope=fleet", "fleet",
					"activity", "tasks", "jetstream", "jetstream/jobs/delayed", "jetstreamdeadletters",
					"jetstreamdeadletters/summary", "jetstreamdeadletters/1", "messages/orders" }) {
				HttpResponse<String> answer = get(shop, "api/" + path);
				assertThat(answer.statusCode()).as(path + answer.body()).isIn(200, 404, 409, 503);
			}
		}
	}

	private static HttpResponse<String> get(ConsoleShop shop, String path) throws Exception {
		return client.send(HttpRequest.newBuilder(URI.create(shop.address() + path)).build(), BodyHandlers.ofString());
	}

}
