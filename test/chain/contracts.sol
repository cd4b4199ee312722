// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// Small contracts of the tests, compiled as those of src/chain/one-shot/one-shot.sol are. The code is in contract-code.ts.

contract Collection {
    mapping(uint256 => address) owners;
    mapping(address => uint256) public balanceOf;

    function mint(address to, uint256 id) external {
        owners[id] = to;
        balanceOf[to] += 1;
    }

    function ownerOf(uint256 id) external view returns (address) {
        require(owners[id] != address(0), "no such token");
        return owners[id];
    }

    function transferFrom(address from, address to, uint256 id) external {
        require(owners[id] == from && msg.sender == from, "not the owner");
        owners[id] = to;
        balanceOf[from] -= 1;
        balanceOf[to] += 1;
    }
}

contract Coin {
    mapping(address => uint256) public balanceOf;

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function transfer(address to, uint256 amount) external {
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
    }
}

contract Items {
    mapping(address => mapping(uint256 => uint256)) items;

    function mint(address to, uint256 id, uint256 amount) external {
        items[to][id] += amount;
    }

    function balanceOf(address owner, uint256 id) external view returns (uint256) {
        return items[owner][id];
    }
}

// Owns a token, lends it to a borrower and takes it back in one transaction.
contract Lender {
    function lend(Borrower borrower, Collection collection, uint256 id) external {
        collection.transferFrom(address(this), address(borrower), id);
        borrower.giveBack(collection, id);
    }
}

contract Borrower {
    function giveBack(Collection collection, uint256 id) external {
        collection.transferFrom(address(this), msg.sender, id);
    }
}

// A wallet of one owner's key (EIP-1271).
contract Wallet {
    address owner;

    constructor(address key) {
        owner = key;
    }

    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        if (signature.length != 65) return 0xffffffff;
        address key = ecrecover(digest, uint8(signature[64]), bytes32(signature[0:32]), bytes32(signature[32:64]));
        return key == owner ? bytes4(0x1626ba7e) : bytes4(0xffffffff);
    }
}

contract WalletFactory {
    function addressOf(address key, bytes32 salt) public view returns (address) {
        bytes32 code = keccak256(abi.encodePacked(type(Wallet).creationCode, abi.encode(key)));
        return address(uint160(uint256(keccak256(abi.encodePacked(bytes1(0xff), address(this), salt, code)))));
    }

    function make(address key, bytes32 salt) external returns (address) {
        return address(new Wallet{salt: salt}(key));
    }
}

contract SaysYes {
    fallback() external {
        assembly {
            mstore(0, shl(224, 0x1626ba7e))
            return(0, 32)
        }
    }
}

contract BurnsGas {
    fallback() external {
        while (true) {}
    }
}

// Answers 4 MB of ones where it has the gas for them.
contract Floods {
    fallback() external {
        assembly {
            mstore(0, not(0))
            return(0, 4194304)
        }
    }
}

// Answers less than a word, more than a word, or a word that is no address.
contract Untidy {
    uint256 length;

    constructor(uint256 bytesOfAnswer) {
        length = bytesOfAnswer;
    }

    fallback() external {
        uint256 size = length;
        assembly {
            mstore(0, not(0))
            mstore(32, not(0))
            return(0, size)
        }
    }
}

// Says that its caller owns everything: it answers for the zero address where nobody is named as the caller.
contract AnswersByOrigin {
    function balanceOf(address owner) external view returns (uint256) {
        return owner == tx.origin ? 1 : 0;
    }
}
