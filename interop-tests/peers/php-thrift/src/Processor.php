<?php

declare(strict_types=1);

namespace Koine\Interop\Peer;

use Koine\Interop\Contract\InteropProcessor;
use Thrift\Exception\TApplicationException;
use Thrift\Exception\TProtocolException;
use Thrift\Exception\TTransportException;
use Thrift\Type\TMessageType;
use Thrift\Type\TType;

/**
 * The generated processor lets an undeclared exception of the handler end the process, and ends the
 * connection after an unknown method. A server that people use answers both and goes on.
 */
final class Processor extends InteropProcessor
{
    public function process($input, $output): bool
    {
        $sequence = 0;
        $method = null;
        $type = 0;
        $input->readMessageBegin($method, $type, $sequence);
        try {
            $function = 'process_' . $method;
            if (!method_exists($this, $function)) {
                $input->skip(TType::STRUCT);
                $input->readMessageEnd();
                throw new TApplicationException("Function $method not implemented.", TApplicationException::UNKNOWN_METHOD);
            }
            $this->$function($sequence, $input, $output);
        } catch (TTransportException | TProtocolException $broken) {
            throw $broken; // the connection cannot be used any more
        } catch (\Throwable $failure) {
            $answer = $failure instanceof TApplicationException ? $failure
                : new TApplicationException("Internal error processing $method: " . $failure->getMessage(), TApplicationException::INTERNAL_ERROR);
            $output->writeMessageBegin($method, TMessageType::EXCEPTION, $sequence);
            $answer->write($output);
            $output->writeMessageEnd();
            $output->getTransport()->flush();
        }
        return true;
    }
}
