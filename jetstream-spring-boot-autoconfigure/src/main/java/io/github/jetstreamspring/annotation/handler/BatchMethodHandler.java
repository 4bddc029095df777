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

package io.github.jetstreamspring.annotation.handler;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionStage;

import io.github.jetstreamspring.listener.BatchHandler;
import io.github.jetstreamspring.listener.Delivery;
import io.nats.client.Message;
import org.jspecify.annotations.Nullable;

/**
 * Hands messages to an annotated method in batches: for each parameter a list, with one
 * element for each message.
 *
 * @param call calls the method
 * @param arguments gets of one message the elements of all lists
 * @param completion tells when a batch is handled
 */
record BatchMethodHandler(MethodCall call, Arguments arguments, HandlerCompletion completion) implements BatchHandler {

	@Override
	public Object read(Delivery delivery, Message message) {
		return this.arguments.get(new ArgumentSource(delivery, message));
	}

	@Override
	public @Nullable CompletionStage<?> handle(List<?> batch) throws Exception {
		@Nullable Object[] lists = new Object[this.arguments.count()];
		for (int parameter = 0; parameter < lists.length; parameter++) {
			List<@Nullable Object> list = new ArrayList<>(batch.size());
			for (Object elements : batch) {
				list.add(((@Nullable Object[]) elements)[parameter]);
			}
			lists[parameter] = Collections.unmodifiableList(list);
		}
		return this.completion.ofBatch(this.call.call(lists));
	}

}
