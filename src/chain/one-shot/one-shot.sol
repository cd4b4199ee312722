// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// Creation code that is sent as a call without a target: it runs, answers by what it returns, and is never deployed.
// Compiled by solc 0.8.37, optimizer on with 200 runs, EVM version paris, without metadata. The bytecode is in code.ts.

// Answers one byte: 1 where the wallet accepts the signature (EIP-1271), 0 where it does not. A wallet that does not
// exist yet is made by its factory first (EIP-6492).
contract AskWallet {
    constructor(address wallet, bytes32 digest, bytes memory signature, address factory, bytes memory prepare) {
        if (wallet.code.length == 0 && factory != address(0)) {
            (bool made, ) = factory.call(prepare);
            made;
        }
        bytes memory question = abi.encodeWithSelector(0x1626ba7e, digest, signature);
        bool ok;
        bytes32 answer;
        if (wallet.code.length > 0)
            assembly {
                ok := staticcall(gas(), wallet, add(question, 32), mload(question), 0, 32)
                ok := and(ok, gt(returndatasize(), 31))
                answer := mload(0)
            }
        bool yes = ok && answer == bytes32(bytes4(0x1626ba7e));
        assembly {
            mstore(0, yes)
            return(31, 1)
        }
    }
}

// Answers 33 bytes for each question: 1 and the word, or 0 and zeros where the contract reverts, runs out of its gas, or
// answers anything but one word. Runs out of gas itself rather than giving a question less than its share.
contract AskMany {
    struct Question {
        address target;
        bytes input;
    }

    constructor(Question[] memory questions, uint256 share) {
        bytes memory answers = new bytes(questions.length * 33);
        for (uint256 index = 0; index < questions.length; index++) {
            address target = questions[index].target;
            bytes memory input = questions[index].input;
            assembly {
                // A call is given at most 63/64 of the gas that is left (EIP-150), and costs something itself.
                if lt(gas(), add(add(share, div(share, 32)), 10000)) {
                    invalid()
                }
                let ok := staticcall(share, target, add(input, 32), mload(input), 0, 32)
                if and(ok, eq(returndatasize(), 32)) {
                    let place := add(add(answers, 32), mul(index, 33))
                    mstore8(place, 1)
                    mstore(add(place, 1), mload(0))
                }
            }
        }
        assembly {
            return(add(answers, 32), mload(answers))
        }
    }
}
